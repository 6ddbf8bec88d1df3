import { randomBytes } from 'node:crypto';

import { affectedRoles } from '../../../shared/cloudtrail/affected-roles.ts';
import type { IamChangeEvent, ReconcileReport, ReconcileRequest } from '../../../shared/model.ts';
import { recheckMessage } from '../../../shared/ports/recheck-message.ts';
import type { Ledger } from '../../../shared/ports/ledger.ts';
import type { Telemetry } from '../../../shared/ports/telemetry.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { Spec } from '../../../shared/spec/spec.ts';
import { createRemediateHandler } from '../../remediate/create-handler.ts';
import type { Accounts, Suffered } from './accounts.ts';
import { deliver } from './deliver.ts';
import type { Occurrence } from './read-occurrences.ts';

/** One delivery and what came of it. */
export interface Delivered {
  /** null for a delayed second look. */
  readonly event: IamChangeEvent | null;
  /** null where the event's change was not simulated. */
  readonly suffered: Suffered | null;
  /** For a second look: an event on the same role came between, and its report tells what there is to tell. */
  readonly superseded: boolean;
  /** The last report of each role: a redelivery supersedes what it repeats. */
  readonly reports: readonly ReconcileReport[];
  /** null if the message was taken; else why it went to the dead-letter queue. */
  readonly deadLettered: string | null;
}

export interface Simulation {
  readonly spec: Spec;
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** It is now the time of an event; the real clock does not care. */
  readonly arrive: (time: Date) => void;
  readonly debug: (message: string, keys: Readonly<Record<string, unknown>>) => void;
}

interface DelayedLook {
  readonly due: number;
  /** How many events had been delivered when it was asked for. */
  readonly askedAt: number;
  readonly request: ReconcileRequest;
}

/**
 * Feeds changes through the production handler, one event a batch, in the order given. Delayed second looks are
 * delivered when they are due, between the events.
 */
export async function* simulate(
  occurrences: readonly Occurrence[],
  simulation: Simulation,
): AsyncGenerator<Delivered> {
  const { accounts, arrive } = simulation;
  const queue = createQueue(simulation);
  for (const { event, record } of occurrences) {
    const time = new Date(event.eventTime);
    yield* queue.looksDueBy(time.getTime());
    await accounts.prepare(event);
    arrive(time);
    const suffered = await accounts.suffer(event);
    queue.note(event);
    const sent = await queue.send(event.eventId, JSON.stringify(record));
    yield { event, suffered, superseded: false, ...sent };
  }
  yield* queue.looksDueBy(Number.POSITIVE_INFINITY);
}

type Sent = Pick<Delivered, 'reports' | 'deadLettered'>;

/** The queue with the handler behind it. */
function createQueue({ spec, accounts, ledger, clock, debug }: Simulation) {
  const reports = new Map<string, ReconcileReport>();
  const looks: DelayedLook[] = [];
  /** By role: the number of its latest event. */
  const latest = new Map<string, number>();
  let delivered = 0;
  let lastError: string | null = null;
  const telemetry: Telemetry = {
    info: debug,
    error: (message, keys) => {
      debug(message, keys);
      lastError = keys['error'] instanceof Error ? keys['error'].message : message;
    },
    count: () => {},
    milliseconds: () => {},
  };
  const handler = createRemediateHandler({
    spec,
    clientsFor: accounts.clientsFor,
    ledger,
    clock,
    randomBytes,
    telemetry,
    reports: {
      publish: async (report) => {
        reports.set(keyOf(report.role), report);
      },
    },
    recheckQueue: {
      schedule: async (request, delaySeconds) => {
        const due = clock.now().getTime() + delaySeconds * 1000;
        const place = looks.findLastIndex((look) => look.due <= due) + 1;
        looks.splice(place, 0, { due, request, askedAt: delivered });
      },
    },
  });

  async function send(id: string, body: string): Promise<Sent> {
    reports.clear();
    lastError = null;
    const taken = await deliver(handler, { id, body });
    const deadLettered = taken ? null : (lastError ?? 'a change failed in a way that may pass');
    return { reports: [...reports.values()], deadLettered };
  }

  async function* looksDueBy(time: number): AsyncGenerator<Delivered> {
    for (let [next] = looks; next !== undefined && next.due <= time; [next] = looks) {
      looks.shift();
      await clock.sleep(Math.max(0, next.due - clock.now().getTime()));
      const sent = await send(`look-${next.due}`, recheckMessage(next.request));
      const superseded = (latest.get(keyOf(next.request.role)) ?? 0) > next.askedAt;
      yield { event: null, suffered: null, superseded, ...sent };
    }
  }

  function note(event: IamChangeEvent): void {
    delivered += 1;
    for (const { role } of affectedRoles(event, spec)) latest.set(keyOf(role), delivered);
  }

  return { send, note, looksDueBy };
}

function keyOf({ accountId, roleName }: { readonly accountId: string; readonly roleName: string }): string {
  return `${accountId}/${roleName.toLowerCase()}`;
}
