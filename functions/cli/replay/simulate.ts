import { randomBytes } from 'node:crypto';

import type { IamChangeEvent, ReconcileReport, ReconcileRequest } from '../../../shared/model.ts';
import { recheckMessage } from '../../../shared/ports/recheck-message.ts';
import type { Controls } from '../../../shared/ports/controls.ts';
import type { KillSwitch } from '../../../shared/ports/kill-switch.ts';
import type { Ledger } from '../../../shared/ports/ledger.ts';
import type { RoleStates } from '../../../shared/ports/role-state.ts';
import type { Telemetry } from '../../../shared/ports/telemetry.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { Spec } from '../../../shared/spec/spec.ts';
import { createRemediateHandler } from '../../remediate/create-handler.ts';
import { errorInWords } from '../error-in-words.ts';
import type { Accounts, Suffered } from './accounts.ts';
import { deliver } from './deliver.ts';
import type { Occurrence } from './read-occurrences.ts';

/** A report, and whether people would be told. */
export interface Told {
  readonly report: ReconcileReport;
  readonly isNews: boolean;
}

/** One delivery and what came of it. */
export interface Delivered {
  /** null for a delayed second look. */
  readonly event: IamChangeEvent | null;
  /** null where the event's change was not simulated. */
  readonly suffered: Suffered | null;
  /** The last report of each role: a redelivery supersedes what it repeats. */
  readonly reports: readonly Told[];
  /** null if the message was taken; else why it went to the dead-letter queue. */
  readonly deadLettered: string | null;
}

export interface Simulation {
  readonly spec: Spec;
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly roleStates: RoleStates;
  readonly controls: Controls;
  readonly killSwitch: KillSwitch;
  readonly clock: Clock;
  /** It is now the time of an event; the real clock does not care. */
  readonly arrive: (time: Date) => void;
  /** How long delayed looks are waited for when nothing else happens: what is paused is looked at again for ever. */
  readonly patienceMs: number;
  readonly debug: (message: string, keys: Readonly<Record<string, unknown>>) => void;
}

interface DelayedLook {
  readonly due: number;
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
  const happened = new Set<string>();
  for (const { event, record } of occurrences) {
    const time = new Date(event.eventTime);
    yield* queue.looksDueBy(time.getTime());
    await accounts.prepare(event);
    arrive(time);
    // CloudTrail may tell an event twice, and logs overlap: the change itself happened once.
    const same = JSON.stringify(event);
    const suffered = happened.has(same) ? null : await accounts.suffer(event);
    happened.add(same);
    const sent = await queue.send(event.eventId, JSON.stringify(record));
    yield { event, suffered, ...sent };
  }
  yield* queue.looksDueBy(Number.POSITIVE_INFINITY);
}

type Sent = Pick<Delivered, 'reports' | 'deadLettered'>;

/** The queue with the handler behind it. */
function createQueue(simulation: Simulation) {
  const { spec, accounts, ledger, roleStates, controls, killSwitch, clock, patienceMs, debug } = simulation;
  const reports = new Map<string, Told>();
  const looks: DelayedLook[] = [];
  let lastError: string | null = null;
  const telemetry: Telemetry = {
    info: debug,
    error: (message, keys) => {
      debug(message, keys);
      lastError = keys['error'] instanceof Error ? errorInWords(keys['error']) : message;
    },
    count: () => {},
    milliseconds: () => {},
  };
  const handler = createRemediateHandler({
    spec,
    clientsFor: accounts.clientsFor,
    ledger,
    roleStates,
    controls,
    killSwitch,
    clock,
    randomBytes,
    telemetry,
    reports: {
      publish: async (report) => {
        reports.set(keyOf(report.role), { report, isNews: true });
      },
      repeat: async (report) => {
        reports.set(keyOf(report.role), { report, isNews: reports.get(keyOf(report.role))?.isNews ?? false });
      },
    },
    recheckQueue: {
      schedule: async (request, delaySeconds) => {
        const due = clock.now().getTime() + delaySeconds * 1000;
        const place = looks.findLastIndex((look) => look.due <= due) + 1;
        looks.splice(place, 0, { due, request });
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
    const end = Math.min(time, clock.now().getTime() + patienceMs);
    for (let [next] = looks; next !== undefined && next.due <= end; [next] = looks) {
      looks.shift();
      await clock.sleep(Math.max(0, next.due - clock.now().getTime()));
      const sent = await send(`look-${next.due}`, recheckMessage(next.request));
      yield { event: null, suffered: null, ...sent };
    }
  }

  return { send, looksDueBy };
}

function keyOf({ accountId, roleName }: { readonly accountId: string; readonly roleName: string }): string {
  return `${accountId}/${roleName.toLowerCase()}`;
}
