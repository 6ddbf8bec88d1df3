import { IAMClient } from '@aws-sdk/client-iam';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

import { createRemediateHandler } from '../../functions/remediate/create-handler.ts';
import type { EmbeddedAccount } from '../../shared/embedded-account/account.ts';
import { startEmbeddedAccount } from '../../shared/embedded-account/server.ts';
import { memoryControls } from '../../shared/ledger/memory-controls.ts';
import { memoryKillSwitch } from '../../shared/ledger/memory-kill-switch.ts';
import { memoryRoleStates, type MemoryRoleStates } from '../../shared/ledger/memory-role-states.ts';
import { memoryLedger, type MemoryLedger } from '../../shared/ledger/memory.ts';
import type { JsonObject, ReconcileReport, ReconcileRequest } from '../../shared/model.ts';
import type { OperatorControls } from '../../shared/ports/controls.ts';
import type { OperatorKillSwitch } from '../../shared/ports/kill-switch.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { recheckMessage } from '../../shared/ports/recheck-message.ts';
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
  readonly rechecks: { readonly request: ReconcileRequest; readonly delaySeconds: number }[];
  readonly logs: { readonly message: string; readonly keys: Readonly<Record<string, unknown>> }[];
  /** Delivers records as one SQS batch, message ids `m0`, `m1`, …; answers the ids to deliver again. */
  deliver(...records: readonly (JsonObject | string)[]): Promise<readonly string[]>;
  /** Applies each record's own change to the account, then delivers them. */
  happen(...records: readonly JsonObject[]): Promise<readonly string[]>;
  /** Makes the next such step fail, as a crash before it would. */
  failNext(step: 'close' | 'publish' | 'published'): void;
  /** Delivers the second looks that were asked for, after their delay. */
  deliverRechecks(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function scene(specText: string, clock: TestClock = testClock()): Promise<Scene> {
  const { spec, faults } = loadSpec(specText, 'roles.yaml');
  if (spec === null) throw new Error(faults.map(formatFault).join('\n'));
  const account = await startEmbeddedAccount({ accountId: ACCOUNT_ID, clock });
  const iam = new IAMClient({
    endpoint: account.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 2,
  });
  const ledger = memoryLedger();
  const roleStates = memoryRoleStates();
  const controls = memoryControls();
  const killSwitch = memoryKillSwitch();
  const reports: ReconcileReport[] = [];
  const repeats: ReconcileReport[] = [];
  const rechecks: { request: ReconcileRequest; delaySeconds: number }[] = [];
  const logs: Scene['logs'] = [];
  let serial = 0;
  const failing = new Set<string>();
  const step = async (name: string) => {
    if (failing.delete(name)) throw new Error(`crash before ${name}`);
  };
  const handler = createRemediateHandler({
    spec,
    clientsFor: (accountId) => (accountId === ACCOUNT_ID ? { iam } : null),
    ledger: {
      ...ledger,
      close: async (incidentId, report) => {
        await step('close');
        await ledger.close(incidentId, report);
      },
      published: async (incidentId, reportId) => {
        await step('published');
        await ledger.published(incidentId, reportId);
      },
    },
    roleStates,
    controls,
    killSwitch,
    recheckQueue: {
      schedule: async (request, delaySeconds) => {
        rechecks.push({ request, delaySeconds });
      },
    },
    reports: {
      publish: async (report) => {
        await step('publish');
        reports.push(report);
      },
      repeat: async (report) => {
        repeats.push(report);
      },
    },
    telemetry: {
      info: (message, keys) => logs.push({ message, keys }),
      error: (message, keys) => logs.push({ message, keys }),
      count: () => {},
      milliseconds: () => {},
    },
    clock,
    // Never twice the same, so that each report has an id of its own while the clock stands.
    randomBytes: (size) => new Uint8Array(size).fill((serial += 1)),
  });
  const deliver = async (...records: readonly (JsonObject | string)[]) =>
    failedIds(
      await handler(
        sqsBatch(
          records.map((record) => (typeof record === 'string' ? record : JSON.stringify(inEnvelope(record)))),
        ),
      ),
    );
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
    failNext: (name) => failing.add(name),
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
      iam.destroy();
      await account.close();
    },
  };
}

function applied(account: EmbeddedAccount, record: JsonObject): void {
  const { eventName, requestParameters } = record;
  if (typeof eventName !== 'string' || typeof requestParameters !== 'object' || requestParameters === null)
    throw new TypeError('the record names no call');
  const { refusal } = account.apply({
    eventName,
    requestParameters: Object.fromEntries(Object.entries(requestParameters)),
  });
  if (refusal !== null) throw new Error(`the account refuses ${eventName}: ${refusal}`);
}

function failedIds({ batchItemFailures }: SQSBatchResponse): readonly string[] {
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

export function sqsBatch(bodies: readonly string[]): SQSEvent {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `m${index}`,
      receiptHandle: `r${index}`,
      body,
      attributes: {
        ApproximateReceiveCount: '1',
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
