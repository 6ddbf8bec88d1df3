import * as z from 'zod/mini';

import { defineAspect } from './define.ts';
import { ONE_HOUR, roleSettings, settingsOf, updateRole } from './role-settings.ts';

const text = z.string().check(
  z.maxLength(1000),
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
  z.regex(
    /^[\t\n\r\u0020-\u007e\u00a1-\u00ff]*$/,
    'holds a character that IAM does not take: use those up to U+00FF only',
  ),
);

/** What the role says it is for. No access depends on it. */
export const description = defineAspect<string, z.infer<typeof roleSettings>>({
  name: 'description',
  docs: {
    watched: 'the role’s description',
    neverReverted: 'nothing',
  },
  schema: text,
  observed: roleSettings,
  triggers: [{ eventSource: 'iam.amazonaws.com', eventNames: ['UpdateRole', 'UpdateRoleDescription'] }],
  actions: { observe: ['iam:GetRole'], revert: ['iam:UpdateRole'] },
  inRole: settingsOf,
  diff: (declared, { description: actual }) =>
    declared === actual
      ? []
      : [
          {
            path: 'description',
            type: 'NOT_EQUAL',
            expected: declared,
            actual,
            access: { gained: [], lost: [] },
          },
        ],
  atCreation: (declared) => (declared === '' ? {} : { Description: declared }),
  whenCreated: (declared) => ({ description: declared, maxSessionDuration: ONE_HOUR }),
  declare: ({ description: actual }) => actual,
  revert: (_difference, declared, context) => ({
    action: 'iam:UpdateRole',
    summary: context.wording.putBack('description'),
    effect: 'restores',
    call: updateRole(context, { description: declared }),
  }),
});
