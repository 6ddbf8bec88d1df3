import * as z from 'zod/mini';

import type { Access, AccessDelta } from '../model.ts';
import { defineAspect } from './define.ts';
import { ONE_HOUR, roleSettings, settingsOf, updateRole } from './role-settings.ts';

const LONGEST = 12 * ONE_HOUR;

const outOfRange = `must be between ${ONE_HOUR} and ${LONGEST} seconds: one hour and twelve`;
const seconds = z.int().check(z.minimum(ONE_HOUR, outOfRange), z.maximum(LONGEST, outOfRange));

/** How long, in seconds, a session of the role may last. */
export const maxSessionDuration = defineAspect<number, z.infer<typeof roleSettings>>({
  name: 'maxSessionDuration',
  docs: {
    watched: 'how long a session may last, in seconds',
    neverReverted: 'nothing',
  },
  schema: seconds,
  observed: roleSettings,
  triggers: [{ eventSource: 'iam.amazonaws.com', eventNames: ['UpdateRole'] }],
  actions: { observe: ['iam:GetRole'], revert: ['iam:UpdateRole'] },
  inRole: settingsOf,
  diff: (declared, { maxSessionDuration: actual }) =>
    declared === actual
      ? []
      : [
          {
            path: 'maxSessionDuration',
            type: 'NOT_EQUAL',
            expected: declared,
            actual,
            access: accessDelta(declared, actual),
            severity: 'medium',
          },
        ],
  atCreation: (declared) => ({ MaxSessionDuration: declared }),
  whenCreated: (declared) => ({ description: '', maxSessionDuration: declared }),
  declare: ({ maxSessionDuration: actual }) => actual,
  revert: (_difference, declared, context) => ({
    action: 'iam:UpdateRole',
    summary: `set the maximum session duration to ${inWords(declared)}`,
    // Longer or shorter, a session holds no other access: no door that must be closed before access is given back.
    effect: 'restores',
    call: updateRole(context, { maxSessionDuration: declared }),
  }),
});

function accessDelta(declared: number, actual: number): AccessDelta {
  return actual > declared
    ? {
        gained: assuming(`sessions of this role can now last ${inWords(actual)}, not ${inWords(declared)}`),
        lost: [],
      }
    : {
        gained: [],
        lost: assuming(
          `sessions of this role can no longer last ${inWords(declared)}, only ${inWords(actual)}`,
        ),
      };
}

function assuming(text: string): readonly Access[] {
  return [{ actions: ['sts:AssumeRole'], conditions: {}, text }];
}

function inWords(duration: number): string {
  const hours = duration / ONE_HOUR;
  if (!Number.isInteger(hours)) return `${duration} seconds`;
  return hours === 1 ? '1 hour' : `${hours} hours`;
}
