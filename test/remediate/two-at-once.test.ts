import { describe, expect, it, onTestFinished, vi } from 'vitest';

import type { Json } from '../../shared/model.ts';
import {
  anApp,
  aSpec,
  attach,
  backdoor,
  detach,
  managed,
  putTrust,
  resyncOf,
  told,
  trusting,
  trustsEc2,
  writes,
} from '../support/app-role.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { applied } from '../support/kinds-of-looks.ts';
import { ACCOUNT_ID, scene, testClock, type Scene } from '../support/scene.ts';

const app = { accountId: ACCOUNT_ID, partition: 'aws', roleName: 'app' };
const most = 100;
const changes = [putTrust(backdoor), attach('AdministratorAccess'), detach('ReadOnlyAccess')];

/**
 * One function waits for the answer to that many calls when another begins; when the other waits for it, it goes on.
 * Answers null where the first had finished by then.
 */
async function meeting(
  calls: number,
  second: (one: Scene) => Promise<unknown>,
  begin = async (one: Scene): Promise<unknown> => one.happen(...changes),
): Promise<Scene | null> {
  const clock = testClock();
  let first: Promise<unknown> | null = null;
  let isWaiting = false;
  const one = await scene(aSpec(), {
    ...clock,
    sleep: async (milliseconds) => {
      clock.advance(milliseconds);
      if (first === null || isWaiting) return;
      isWaiting = true;
      one.thaw();
      await first;
    },
  });
  one.account.createRole({
    roleName: 'app',
    trustPolicy: trustsEc2,
    managedPolicies: [managed('ReadOnlyAccess')],
  });
  await one.deliver(resyncOf('app'));
  one.reports.splice(0);
  const frozen = one.freezeAfter(calls);
  const working = begin(one);
  const isMet = await Promise.race([frozen.then(() => true), working.then(() => false)]);
  if (isMet) {
    first = working;
    await second(one);
    first = null;
    one.thaw();
    await working;
    await one.pass(60_000);
  }
  await one.close();
  return isMet ? one : null;
}

interface Outcome {
  readonly trustPolicy: Json | undefined;
  readonly managedPolicies: readonly string[] | undefined;
  /** Of each difference, once for each report that tells of it. */
  readonly paths: readonly string[];
  readonly texts: string;
  /** Of all reports, also those that found nothing to put back. */
  readonly causes: readonly string[];
  readonly outcomes: readonly string[];
}

async function allMeetings(second: (one: Scene) => Promise<unknown>): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let calls = 1; calls < most; calls += 1) {
    const one = await meeting(calls, second);
    if (one === null) break;
    const { trustPolicy, managedPolicies } = one.account.role('app') ?? {};
    // Whoever takes reports knows them by their ids.
    const reports = [...new Map(told(one).map((report) => [report.id, report])).values()];
    const differences = reports.flatMap(({ drift }) => drift.differences);
    outcomes.push({
      trustPolicy,
      managedPolicies,
      paths: differences.map(({ path }) => path).sort(),
      texts: JSON.stringify(differences.map(({ access }) => access)),
      causes: one.reports.flatMap((report) => report.causes.map(({ eventId }) => eventId)),
      outcomes: [...new Set(reports.map(({ outcome }) => outcome))],
    });
  }
  expect(outcomes.length).toBeGreaterThan(15);
  return outcomes;
}

const administrator = `managedPolicies[${managed('AdministratorAccess')}]`;
const readOnly = `managedPolicies[${managed('ReadOnlyAccess')}]`;
const detached = detach('ReadOnlyAccess');
const deleted = anIamEvent('DeleteRole', { roleName: 'app' });
const asDeclared = { trustPolicy: trustsEc2, managedPolicies: [managed('ReadOnlyAccess')] };
const toldOnce = {
  ...asDeclared,
  paths: [administrator, readOnly, 'trustPolicy'],
  outcomes: ['remediated'],
};

/** The role is deleted, and a function has the first of the events. */
async function deletion(one: Scene): Promise<unknown> {
  applied(one, detached, deleted);
  return one.deliver(detached);
}

describe('two of our functions at one role, whenever the second comes', () => {
  it.each<[string, (one: Scene) => Promise<unknown>]>([
    ['with the same events', async (one) => one.deliver(...changes)],
    ['from the sweep', async (one) => one.deliver(resyncOf('app'))],
  ])('%s: they do no harm, and tell once', async (_what, second) => {
    const outcomes = await allMeetings(second);
    expect(outcomes).toMatchObject(outcomes.map(() => toldOnce));
  });

  it('with a further change: it is put back, and nothing is told twice', async () => {
    const other = putTrust(trusting({ AWS: 'arn:aws:iam::888877776666:root' }));
    const outcomes = await allMeetings(async (one) => one.happen(other));
    for (const { paths, causes, ...outcome } of outcomes) {
      expect(outcome).toMatchObject(asDeclared);
      expect(causes).toContain(other['eventID']);
      expect(paths.filter((path) => path !== 'trustPolicy')).toEqual([administrator, readOnly]);
    }
    // Unless the first has written over it unseen.
    const seen = outcomes.filter(({ texts }) => texts.includes('888877776666'));
    expect(seen.length).toBeGreaterThan(outcomes.length / 2);
  });

  it.each<[string, (one: Scene) => Promise<unknown>]>([
    ['with the same event', async (one) => one.deliver(detached)],
    ['with another event of the same deletion', async (one) => one.deliver(deleted)],
    ['from the sweep', async (one) => one.deliver(resyncOf('app'))],
  ])(
    'of which none changes anything, %s: they tell once, and wait for nobody afterwards',
    async (_, second) => {
      for (let calls = 1; calls < most; calls += 1) {
        const one = await meeting(calls, second, deletion);
        if (one === null) break;
        expect({ calls, ids: new Set(told(one).map(({ id }) => id)).size }).toEqual({ calls, ids: 1 });
        expect((await one.roleStates.get(app)).busyUntil).toBeNull();
      }
      expect.hasAssertions();
    },
  );
});

describe('a function that meets another', () => {
  it('in the midst of its reads: what it has read of the role may be from before, and is read again', async () => {
    const one = await anApp();
    const { roleStates } = one;
    const known = { ...roleStates };
    let isMet = false;
    const slowly: Scene['roleStates']['get'] = async (role) => {
      if (!isMet) {
        isMet = true;
        await vi.waitUntil(() => one.account.calls.length === 2);
        one.clock.advance(10);
        await one.deliver(putTrust(backdoor));
        one.clock.advance(10);
      }
      return known.get(role);
    };
    Object.assign(roleStates, { get: slowly });
    await one.happen(putTrust(backdoor));
    expect(writes(one)).toEqual(['UpdateAssumeRolePolicy']);
    expect(told(one)).toHaveLength(1);
  });

  it('that has just told what a crash left untold: not told anew, nor written over', async () => {
    const one = await anApp();
    const change = putTrust(backdoor);
    one.failNext('close');
    await one.happen(change);
    const frozen = one.freezeAfter(1);
    const slow = one.deliver(change);
    await frozen;
    one.failNext('published');
    await one.deliver(change);
    one.thaw();
    await slow;
    expect(one.ledger.incidents()).toMatchObject([{ report: { id: told(one)[0]?.id } }]);
    expect(new Set(told(one).map(({ id }) => id)).size).toBe(1);
  });

  it('that never ends puts the role back all the same', async () => {
    const clock = testClock();
    const one = await scene(aSpec(), {
      ...clock,
      sleep: async (milliseconds) => {
        clock.advance(milliseconds);
        await isBusyAgain(one);
      },
    });
    onTestFinished(async () => one.close());
    one.account.createRole({
      roleName: 'app',
      trustPolicy: trustsEc2,
      managedPolicies: [managed('ReadOnlyAccess')],
    });
    await isBusyAgain(one);
    expect(await one.happen(putTrust(backdoor))).toEqual([]);
    expect(one.account.role('app')?.trustPolicy).toEqual(trustsEc2);
  });

  it.each([
    ['has just died', '2026-03-02T10:00:13.000Z', 13_000],
    ['has a clock some seconds ahead', '2026-03-02T10:00:20.000Z', 13_000],
    ['has a clock some minutes ahead', '2026-03-02T10:07:00.000Z', 0],
    ['has no clock at all', '9999-12-31T23:59:59.999Z', 0],
    ['stored no time', 'soon', 0],
  ])('that %s closes a backdoor within a quarter of a minute', async (_what, busyUntil, longest) => {
    const one = await anApp();
    await one.roleStates.put({ ...(await one.roleStates.get(app)), busyUntil });
    const began = one.clock.now().getTime();
    expect(await one.happen(putTrust(backdoor))).toEqual([]);
    expect(one.account.role('app')?.trustPolicy).toEqual(trustsEc2);
    expect(one.clock.now().getTime() - began).toBeLessThanOrEqual(longest);
  });

  it('that is itself: what it has stored, though the answer was lost', async () => {
    for (const lost of [1, 2]) {
      const one = await anApp();
      const stored = { ...one.roleStates };
      let puts = 0;
      const losing: Scene['roleStates']['put'] = async (state) => {
        puts += 1;
        return (await stored.put(state)) && puts !== lost;
      };
      Object.assign(one.roleStates, { put: losing });
      const began = one.clock.now().getTime();
      expect(await one.happen(putTrust(backdoor))).toEqual([]);
      expect(one.clock.now().getTime() - began).toBeLessThanOrEqual(13_000);
      expect(one.account.role('app')?.trustPolicy).toEqual(trustsEc2);
      expect(told(one)).toHaveLength(1);
      expect((await one.roleStates.get(app)).drift).toBeNull();
    }
  });

  it('that takes it for dead, whenever it does: neither fails, and what both have put back is remembered', async () => {
    for (let calls = 1; calls < most; calls += 1) {
      const one = await anApp();
      const frozen = one.freezeAfter(calls);
      const working = one.happen(putTrust(backdoor));
      const isMet = await Promise.race([frozen.then(() => true), working.then(() => false)]);
      if (!isMet) break;
      expect(await one.happen(attach('SecurityAudit'))).toEqual([]);
      one.thaw();
      expect({ calls, failed: await working }).toEqual({ calls, failed: [] });
      const { reverts } = await one.roleStates.get(app);
      expect({ calls, paths: new Set(reverts.map(({ path }) => path)).size }).toEqual({ calls, paths: 2 });
      expect(one.account.role('app')).toMatchObject(asDeclared);
    }
  });
});

async function isBusyAgain({ roleStates, clock }: Scene): Promise<void> {
  const busyUntil = new Date(clock.now().getTime() + 12_000).toISOString();
  await roleStates.put({ ...(await roleStates.get(app)), busyUntil });
}
