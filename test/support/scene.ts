import { deepEqual } from 'node:assert/strict';

import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';

import { createRemediateHandler, type RemediateDeps } from '../../functions/remediate/create-handler.ts';
import { awsClients } from '../../shared/aws/clients.ts';
import type { EmbeddedAccount } from '../../shared/embedded-account/account.ts';
import { startEmbeddedAccount } from '../../shared/embedded-account/server.ts';
import { type GuardLimits, usualLimits } from '../../shared/guards/limits.ts';
import { memoryControls } from '../../shared/ledger/memory-controls.ts';
import { memoryKillSwitch } from '../../shared/ledger/memory-kill-switch.ts';
import { memoryRoleStates, type MemoryRoleStates } from '../../shared/ledger/memory-role-states.ts';
import { memoryLedger, type MemoryLedger } from '../../shared/ledger/memory.ts';
import type { JsonObject, ReconcileReport, ReconcileRequest } from '../../shared/model.ts';
import type { Controls, OperatorControls } from '../../shared/ports/controls.ts';
import type { KillSwitch, OperatorKillSwitch } from '../../shared/ports/kill-switch.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { recheckMessage } from '../../shared/ports/recheck-message.ts';
import type { RoleStates } from '../../shared/ports/role-state.ts';
import { reportSchema } from '../../shared/report-schema.ts';
import type { Spec } from '../../shared/spec/spec.ts';
import { loadSpec, formatFault } from '../../shared/spec/load-spec.ts';
import { inEnvelope } from './cloudtrail-events.ts';

export const ACCOUNT_ID = '111122223333';

/** Time that only moves when told, or when somebody sleeps. */
export interface TestClock extends Clock {
  advance(milliseconds: number): void;
}

export function testClock(start = '2026-03-02T10:00:01Z'): TestClock {
  let now = Date.parse(start);
  const advance = (milliseconds: number) => {
    now += milliseconds;
  };
  return { now: () => new Date(now), sleep: async (milliseconds) => advance(milliseconds), advance };
}

interface Recheck {
  readonly request: ReconcileRequest;
  readonly delaySeconds: number;
  /** Milliseconds since the epoch. */
  readonly due: number;
}

/** The production handler before an account of its own, and all that comes out of it. */
export interface Scene {
  readonly account: EmbeddedAccount;
  readonly clock: TestClock;
  readonly ledger: MemoryLedger;
  readonly roleStates: MemoryRoleStates;
  readonly controls: OperatorControls;
  readonly killSwitch: OperatorKillSwitch;
  /** What people are told. */
  readonly reports: ReconcileReport[];
  /** What they know already. */
  readonly repeats: ReconcileReport[];
  readonly rechecks: Recheck[];
  readonly logs: { readonly message: string; readonly keys: Readonly<Record<string, unknown>> }[];
  /** Delivers records as one SQS batch, message ids `m0`, `m1`, …; answers the ids to deliver again. */
  deliver(...records: readonly (JsonObject | string)[]): Promise<readonly string[]>;
  /** The same, as SQS delivers what was delivered before. */
  redeliver(...records: readonly (JsonObject | string)[]): Promise<readonly string[]>;
  /** Applies each record's own change to the account, then delivers them. */
  happen(...records: readonly JsonObject[]): Promise<readonly string[]>;
  /** Makes the next such step fail, as a crash before it would. */
  failNext(step: 'close' | 'publish' | 'published'): void;
  /** The process dies when so many calls to the outside have taken effect; it lives again with `revive`. */
  dieAfter(calls: number): void;
  /** Answers whether it had died. */
  revive(): boolean;
  /** A call to the outside, this many from now, has taken effect, and its answer waits for `thaw`. Answers once it waits. */
  freezeAfter(calls: number): Promise<void>;
  thaw(): void;
  /** One call to the outside, this many from now, is refused, and has no effect. */
  refuse(call: number): void;
  /** Answers whether it has been. */
  hasRefused(): boolean;
  /** Another spec is deployed. Account, ledger and all that is remembered stay. */
  redeploy(specText: string): void;
  /** Time passes, and the looks that were asked for are delivered when they are due. */
  pass(milliseconds: number): Promise<void>;
  /** Delivers the second looks that were asked for, after their delay. */
  deliverRechecks(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function scene(
  specText: string,
  clock: TestClock = testClock(),
  limits: GuardLimits = usualLimits,
): Promise<Scene> {
  const account = await startEmbeddedAccount({ accountId: ACCOUNT_ID, clock });
  const clients = awsClients({
    endpoint: account.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 2,
  });
  clients.iam.middlewareStack.add((next) => async (args) => process.call(async () => next(args)), {
    step: 'initialize',
    name: 'mortal',
  });
  const ledger = memoryLedger();
  const roleStates = memoryRoleStates();
  const controls = memoryControls();
  const killSwitch = memoryKillSwitch();
  const reports: ReconcileReport[] = [];
  const repeats: ReconcileReport[] = [];
  const rechecks: Recheck[] = [];
  const process = mortal();
  const logs: Scene['logs'] = [];
  let serial = 0;
  const failing = new Set<string>();
  const step = async (name: string) => {
    if (failing.delete(name)) throw new Error(`crash before ${name}`);
  };
  const deps: Omit<RemediateDeps, 'spec'> = {
    clientsFor: (accountId) => (accountId === ACCOUNT_ID ? clients : null),
    ledger: process.killable({
      ...ledger,
      close: async (incidentId, report) => {
        await step('close');
        await ledger.close(incidentId, report);
      },
      published: async (incidentId, reportId) => {
        await step('published');
        await ledger.published(incidentId, reportId);
      },
    }),
    roleStates: process.killable<RoleStates>(roleStates),
    controls: process.killable<Controls>(controls),
    killSwitch: process.killable<KillSwitch>(killSwitch),
    recheckQueue: process.killable({
      schedule: async (request, delaySeconds) => {
        rechecks.push({ request, delaySeconds, due: clock.now().getTime() + delaySeconds * 1000 });
      },
    }),
    reports: process.killable({
      publish: async (report) => {
        await step('publish');
        // What the published schema does not know, whoever reads the event would lose.
        deepEqual(z.parse(reportSchema, report), report);
        reports.push(report);
      },
      repeat: async (report) => {
        repeats.push(report);
      },
    }),
    telemetry: {
      info: (message, keys) => logs.push({ message, keys }),
      error: (message, keys) => logs.push({ message, keys }),
      count: () => {},
      milliseconds: () => {},
    },
    limits,
    clock,
    // Never twice the same, so that each report has an id of its own while the clock stands.
    randomBytes: (size) => new Uint8Array(size).fill((serial += 1)),
  };
  let handler = createRemediateHandler({ ...deps, spec: specFrom(specText) });
  const deliverAt = async (receiveCount: number, records: readonly (JsonObject | string)[]) => {
    const bodies = records.map((record) =>
      typeof record === 'string' ? record : JSON.stringify(inEnvelope(record)),
    );
    return failedIds(await handler(sqsBatch(bodies, receiveCount)));
  };
  const deliver: Scene['deliver'] = async (...records) => deliverAt(1, records);
  return {
    account,
    clock,
    ledger,
    roleStates,
    controls,
    killSwitch,
    reports,
    repeats,
    rechecks,
    logs,
    deliver,
    redeliver: async (...records) => deliverAt(2, records),
    failNext: (name) => failing.add(name),
    dieAfter: process.dieAfter,
    revive: process.revive,
    freezeAfter: process.freezeAfter,
    thaw: process.thaw,
    refuse: process.refuse,
    hasRefused: process.hasRefused,
    redeploy: (text) => {
      handler = createRemediateHandler({ ...deps, spec: specFrom(text) });
    },
    pass: async (milliseconds) => {
      const end = clock.now().getTime() + milliseconds;
      for (;;) {
        const [next] = rechecks.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due);
        if (next === undefined) break;
        rechecks.splice(rechecks.indexOf(next), 1);
        clock.advance(Math.max(0, next.due - clock.now().getTime()));
        await handler(sqsBatch([recheckMessage(next.request)]));
      }
      clock.advance(Math.max(0, end - clock.now().getTime()));
    },
    happen: async (...records) => {
      for (const record of records) applied(account, record);
      return deliver(...records);
    },
    deliverRechecks: async () => {
      const due = rechecks.splice(0);
      clock.advance(Math.max(0, ...due.map(({ delaySeconds }) => delaySeconds)) * 1000);
      return failedIds(await handler(sqsBatch(due.map(({ request }) => recheckMessage(request)))));
    },
    close: async () => {
      clients.destroy();
      await account.close();
    },
  };
}

function specFrom(text: string): Spec {
  const { spec, faults } = loadSpec(text, 'roles.yaml');
  if (spec === null) throw new Error(faults.map(formatFault).join('\n'));
  return spec;
}

function nobodyWaits(): void {}

/** A process that dies on demand: the call that kills it has taken effect, and no later one does. */
function mortal() {
  let left = Number.POSITIVE_INFINITY;
  let isDead = false;
  let untilRefused = Number.POSITIVE_INFINITY;
  let untilFrozen = Number.POSITIVE_INFINITY;
  let frozen: () => void = nobodyWaits;
  let thaw: () => void = nobodyWaits;
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isDead) throw new Error('the process is dead');
    untilRefused -= 1;
    if (untilRefused === 0) throw new Error('too many requests');
    const answer = await work();
    untilFrozen -= 1;
    if (untilFrozen === 0)
      await new Promise<void>((resolve) => {
        thaw = resolve;
        frozen();
      });
    left -= 1;
    if (left > 0) return answer;
    isDead = true;
    throw new Error('the process has died');
  };
  return {
    call,
    killable: <Port extends object>(port: Port): Port =>
      new Proxy(port, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name);
          return typeof member === 'function'
            ? async (...args: readonly unknown[]) =>
                call(async (): Promise<unknown> => Reflect.apply(member, target, args))
            : member;
        },
      }),
    dieAfter: (calls: number) => {
      left = calls;
    },
    freezeAfter: async (calls: number) =>
      new Promise<void>((resolve) => {
        untilFrozen = calls;
        frozen = resolve;
      }),
    thaw: () => thaw(),
    refuse: (nth: number) => {
      untilRefused = nth;
    },
    hasRefused: () => untilRefused <= 0,
    revive: () => {
      const died = isDead;
      left = Number.POSITIVE_INFINITY;
      isDead = false;
      return died;
    },
  };
}

function applied(account: EmbeddedAccount, record: JsonObject): void {
  const { eventName, requestParameters, awsRegion } = record;
  if (typeof eventName !== 'string' || typeof requestParameters !== 'object' || requestParameters === null)
    throw new TypeError('the record names no call');
  const { refusal } = account.apply({
    eventName,
    requestParameters: Object.fromEntries(Object.entries(requestParameters)),
    ...(typeof awsRegion === 'string' && { region: awsRegion }),
  });
  if (refusal !== null) throw new Error(`the account refuses ${eventName}: ${refusal}`);
}

function failedIds({ batchItemFailures }: SQSBatchResponse): readonly string[] {
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

export function sqsBatch(bodies: readonly string[], receiveCount = 1): SQSEvent {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `m${index}`,
      receiptHandle: `r${index}`,
      body,
      attributes: {
        ApproximateReceiveCount: String(receiveCount),
        SentTimestamp: '0',
        SenderId: 'events.amazonaws.com',
        ApproximateFirstReceiveTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:us-east-1:${ACCOUNT_ID}:changes`,
      awsRegion: 'us-east-1',
    })),
  };
}
