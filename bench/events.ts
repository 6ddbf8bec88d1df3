import { setTimeout as sleep } from 'node:timers/promises';

import { IAMClient } from '@aws-sdk/client-iam';

import type { EmbeddedCall } from '../shared/embedded-account/call-handler.ts';
import { type Scene, scene, type TestClock } from '../test/support/scene.ts';
import { mendRole, readRole } from './bare-sdk.ts';
import { mediansInTurns, millisecondsOf, type Timed } from './measure.ts';
import { row, type Row } from './row.ts';
import { specText, theChange, theEvent, theRole, trustPolicy } from './the-role.ts';

const TURNS = 200;
/** So slow that calls which arrive within it can only have been sent together. */
const LATENCY_MS = 100;

const realTime: TestClock = {
  now: () => new Date(),
  sleep: async (milliseconds) => {
    await sleep(milliseconds);
  },
  advance: () => {},
};

/** What one event costs: calls, rounds of calls and time, beside the bare SDK making the calls that it takes at least. */
export async function eventRows(): Promise<readonly Row[]> {
  const stage = await scene(specText, realTime);
  const iam = new IAMClient({
    endpoint: stage.account.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'example' },
  });
  try {
    const rows: Row[] = [];
    for (const situation of situations(stage, iam)) {
      rows.push(...(await callRows(stage, situation)));
      rows.push(await timeRow(situation));
    }
    return rows;
  } finally {
    iam.destroy();
    await stage.close();
  }
}

/** How the role is when the event comes, and what is then done about it. */
interface Situation {
  readonly name: string;
  readonly begin: () => void;
  readonly handle: () => Promise<void>;
  readonly bareSdk: () => Promise<void>;
}

function situations(stage: Scene, iam: IAMClient): readonly Situation[] {
  const { account } = stage;
  const handle = async () => {
    const failed = await stage.deliver(theEvent);
    if (failed.length > 0) throw new Error('the handler did not take the event');
  };
  const { roleName } = theRole;
  return [
    {
      name: 'in sync',
      begin: () => account.createRole(theRole),
      handle,
      bareSdk: () => readRole(iam, roleName),
    },
    {
      name: 'drifted',
      begin: () => {
        account.createRole(theRole);
        account.apply(theChange);
      },
      handle,
      bareSdk: () => mendRole(iam, roleName, JSON.stringify(trustPolicy)),
    },
  ];
}

async function callRows({ account }: Scene, { name, begin, handle, bareSdk }: Situation): Promise<Row[]> {
  const callsOf = async (work: () => Promise<void>) => {
    begin();
    const before = account.calls.length;
    await work();
    return account.calls.slice(before);
  };
  account.setLatency(LATENCY_MS);
  const ours = await callsOf(handle);
  const least = await callsOf(bareSdk);
  account.setLatency(0);
  return [
    row(`IAM calls per event, ${name}`, 'calls', ours.length, least.length),
    row(
      `read rounds per event, ${name}`,
      'rounds',
      rounds(ours.filter(isRead)),
      rounds(least.filter(isRead)),
    ),
    row(`rounds per event, ${name}`, 'rounds', rounds(ours), rounds(least)),
  ];
}

const isRead = ({ operation }: EmbeddedCall) => /^(?:Get|List)/.test(operation);

/** Calls that were sent before any of them was answered are one round. */
function rounds(calls: readonly EmbeddedCall[]): number {
  let count = 0;
  let answered = Number.NEGATIVE_INFINITY;
  for (const { at } of calls) {
    if (at.getTime() < answered) continue;
    count += 1;
    answered = at.getTime() + LATENCY_MS;
  }
  return count;
}

async function timeRow({ name, begin, handle, bareSdk }: Situation): Promise<Row> {
  const timed =
    (work: () => Promise<void>): Timed =>
    async () => {
      begin();
      return millisecondsOf(work);
    };
  const { value, floor } = await mediansInTurns(timed(handle), timed(bareSdk), TURNS);
  return row(`warm time per event, ${name}`, 'ms', value, floor);
}
