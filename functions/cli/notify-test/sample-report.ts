import type { ReconcileReport } from '../../../shared/model.ts';
import type { Clock, RandomBytes } from '../../../shared/ports/clock.ts';
import { ulid } from '../../../shared/reconciler/identifiers.ts';

const notice = 'This is a test of the notifications: no role was changed';

/** A report that nobody can take for real: its role, headline, cause and next step all say that it is a test. */
export function sampleReport(clock: Clock, randomBytes: RandomBytes): ReconcileReport {
  const time = clock.now().toISOString();
  const id = ulid(clock, randomBytes);
  return {
    schemaVersion: '1',
    id,
    incidentId: `000000000000/TEST/${id.slice(0, 10)}`,
    time,
    trigger: 'operator',
    spec: null,
    role: { accountId: '000000000000', roleName: 'TEST', arn: null },
    causes: [],
    severity: 'low',
    mode: 'detect',
    drift: {
      status: 'MODIFIED',
      differences: [
        {
          aspect: 'test',
          path: 'test',
          type: 'NOT_EQUAL',
          mode: 'detect',
          expected: 'nothing',
          actual: 'nothing',
          access: { gained: [{ actions: [], conditions: {}, text: notice }], lost: [] },
        },
      ],
    },
    changes: [
      {
        aspect: 'test',
        action: 'none',
        summary: 'nothing: this is a test',
        effect: 'closes',
        outcome: 'held',
        heldBy: 'mode',
        reason: 'It is a test.',
        dueAt: null,
        error: null,
      },
    ],
    outcome: 'detected',
    verified: null,
    exposure: null,
    nextSteps: ['Nothing: if you can read this, the channel works'],
    eventToFixMs: null,
    durationMs: 0,
  };
}
