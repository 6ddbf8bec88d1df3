import { describe, expect, it, onTestFinished } from 'vitest';

import {
  attach,
  createAsDeclared,
  detach,
  putTrust,
  sweep,
  told,
  trusting,
  trustsEc2,
} from '../support/app-role.ts';
import { applied, type Kind, kindsOfLooks, type Messages } from '../support/kinds-of-looks.ts';
import { ACCOUNT_ID, scene, type Scene, testClock } from '../support/scene.ts';

const HOUR = 60 * 60_000;
/** All steps take a minute: `EVERY_STEP=1 vitest run crash-in-any-look`. */
const STEP = process.env['EVERY_STEP'] === undefined ? 9 : 1;
const MOST_CALLS = 120;

interface Outcome {
  readonly roles: readonly unknown[];
  readonly incidents: readonly unknown[];
  /** Each difference that people were told of. */
  readonly toldOf: readonly string[];
  readonly owed: number;
  /** By role, whether something is still to be done, and whether somebody is at it. */
  readonly open: readonly unknown[];
  readonly messages: number;
  /** What the ledger knew when the process had died. */
  readonly writtenDown: string;
}

/** What happens when that many calls have been made. Answers what the ledger knew then; null where fewer were made. */
type Disturbance = (one: Scene, messages: Messages, calls: number) => Promise<string | null>;

/** Until all has been told and done, the hourly looks included. */
async function outcomeOf(kind: Kind, disturbance: Disturbance, calls: number): Promise<Outcome | null> {
  const { names = ['app'] } = kind;
  const one = await scene(kind.spec, clockOf(), kind.limits);
  onTestFinished(async () => one.close());
  for (const name of names) createAsDeclared(one, name);
  await sweep(one, names);
  one.reports.splice(0);
  await kind.arrange?.(one);
  const writtenDown = await disturbance(one, await kind.act(one), calls);
  if (writtenDown === null) return null;
  for (let hour = 0; hour < 3; hour += 1) {
    await one.pass(HOUR);
    await sweep(one, names);
  }
  const refs = names.map((roleName) => ({ accountId: ACCOUNT_ID, partition: 'aws', roleName }));
  const owed = await Promise.all(refs.map(async (role) => one.ledger.owed(role)));
  const states = await Promise.all(refs.map(async (role) => one.roleStates.get(role)));
  const differences = told(one).flatMap(({ role, drift }) =>
    drift.differences.map(({ path, actual }) => `${role.roleName} ${path} ${JSON.stringify(actual)}`),
  );
  return {
    roles: names.map((name) => ({ ...one.account.role(name), roleId: '' })),
    incidents: one.ledger
      .incidents()
      .map(({ role, before }) => JSON.stringify([role.roleName, before]))
      .sort(),
    toldOf: [...new Set(differences)].sort(),
    owed: owed.flat().length,
    open: states.map(({ drift, busyUntil }) => [
      drift?.isPending ?? null,
      busyUntil !== null && busyUntil > one.clock.now().toISOString(),
    ]),
    messages: new Set(told(one).map(({ id }) => id)).size,
    writtenDown,
  };
}

/** As SQS does: what failed comes again. */
async function delivered(one: Scene, messages: Messages): Promise<void> {
  for (let times = 0; times < 3; times += 1) if ((await one.deliver(...messages)).length === 0) return;
}

const inPeace: Disturbance = async (one, messages) => {
  await delivered(one, messages);
  return '';
};

/** The process dies, something else happens, and the messages come again. */
const dyingBefore =
  (meanwhile: (one: Scene, messages: Messages, calls: number) => Promise<unknown>): Disturbance =>
  async (one, messages, calls) => {
    one.dieAfter(calls);
    await one.deliver(...messages);
    if (!one.revive()) return null;
    const writtenDown = JSON.stringify(one.ledger.incidents());
    await meanwhile(one, messages, calls);
    await delivered(one, messages);
    return writtenDown;
  };

const oneIsRefused: Disturbance = async (one, messages, calls) => {
  one.refuse(calls);
  await one.deliver(...messages);
  if (!one.hasRefused()) return null;
  await delivered(one, messages);
  return '';
};

let whileSleeping: (() => Promise<void>) | null = null;

function clockOf() {
  const clock = testClock();
  return {
    ...clock,
    sleep: async (milliseconds: number) => {
      clock.advance(milliseconds);
      const wake = whileSleeping;
      whileSleeping = null;
      await wake?.();
    },
  };
}

/** A second function comes; where it waits for the first, that goes on. */
const twoAtOnce: Disturbance = async (one, messages, calls) => {
  const frozen = one.freezeAfter(calls);
  const first = one.deliver(...messages);
  if (!(await Promise.race([frozen.then(() => true), first.then(() => false)]))) return null;
  whileSleeping = async () => {
    one.thaw();
    await first;
  };
  await one.deliver(...messages);
  whileSleeping = null;
  one.thaw();
  await first;
  return '';
};

/** Of the last role, which is the one that the messages are about. */
const lastOf = ({ names = ['app'] }: Kind) => names.at(-1) ?? 'app';

/** Somebody makes the role as it is declared. */
const undone = (kind: Kind) =>
  dyingBefore(async (one) => {
    const name = lastOf(kind);
    const role = one.account.role(name);
    if (role === null) return;
    for (const arn of role.managedPolicies)
      applied(one, detach(arn.replace('arn:aws:iam::aws:policy/', ''), {}, name));
    applied(one, attach('ReadOnlyAccess', {}, name), putTrust(trustsEc2, {}, name));
  });

/** Another backdoor takes the place of the first. */
const attacked = (kind: Kind) =>
  dyingBefore(async (one) => {
    const name = lastOf(kind);
    if (one.account.role(name) === null) return;
    const other = trusting({ AWS: 'arn:aws:iam::888877776666:root' });
    const messages = applied(one, putTrust(other, {}, name));
    await one.deliver(...messages);
  });

/** The outcomes at every so many calls, each beside how many they were. */
async function outcomesOf(kind: Kind, disturbance: Disturbance, from: number) {
  const outcomes: (Outcome & { readonly calls: number })[] = [];
  for (let calls = from; calls < MOST_CALLS; calls += STEP) {
    const outcome = await outcomeOf(kind, disturbance, calls);
    if (outcome === null) break;
    outcomes.push({ ...outcome, calls });
  }
  return outcomes;
}

const notJudged = { writtenDown: '', messages: 0 };
/** Where the sweep comes first, it finds for itself what is only told; the event is an incident of its own. */
const whateverIncidents = { ...notJudged, incidents: [] };

describe.each(Object.entries(kindsOfLooks))('%s', (_, kind) => {
  let inPeaceOnce: Promise<Outcome | null> | null = null;
  const undisturbed = async () => (inPeaceOnce ??= outcomeOf(kind, inPeace, 0));
  it.each<[string, Disturbance, typeof notJudged]>([
    ['the process dies', dyingBefore(async () => {}), notJudged],
    [
      'it dies twice',
      dyingBefore(async (one, messages, calls) => {
        one.dieAfter(calls);
        await one.deliver(...messages);
        one.revive();
      }),
      notJudged,
    ],
    [
      'it dies, and the messages come again hours later',
      dyingBefore(async (one) => one.pass(3 * HOUR)),
      notJudged,
    ],
    [
      'it dies, and the sweep comes first',
      dyingBefore(async (one) => sweep(one, kind.names)),
      whateverIncidents,
    ],
    ['a call is refused', oneIsRefused, notJudged],
    ['another function comes', twoAtOnce, notJudged],
  ])('%s: all is as if nothing had been', async (what, disturbance, ignored) => {
    const expected = await undisturbed();
    const outcomes = await outcomesOf(kind, disturbance, 1 + (what.length % STEP));
    expect(outcomes.length).toBeGreaterThan(0);
    const without = kind.isJoined === true ? whateverIncidents : ignored;
    for (const { calls, ...outcome } of outcomes) {
      expect({ ...outcome, ...without, calls }).toEqual({ ...expected, ...without, calls });
      expect(outcome.messages).toBeLessThanOrEqual((expected?.messages ?? 0) + 1);
    }
  });

  it.each<[string, Disturbance, boolean]>([
    ['somebody undoes all', undone(kind), true],
    ['there is another backdoor', attacked(kind), kind.isLeft ?? false],
  ])('the process dies, and %s: what was written down is told', async (_what, disturbance, isChanged) => {
    const expected = await undisturbed();
    const outcomes = await outcomesOf(kind, disturbance, 1);
    const judged = outcomes.map(({ calls, roles, owed, toldOf, writtenDown }) => ({
      calls,
      roles: isChanged ? expected?.roles : roles,
      owed,
      untold: expected?.toldOf.filter(
        (text) => isBackdoor(text) && isBackdoor(writtenDown) && !toldOf.includes(text),
      ),
    }));
    expect(judged).toEqual(
      outcomes.map(({ calls }) => ({ calls, roles: expected?.roles, owed: 0, untold: [] })),
    );
  });
});

function isBackdoor(text: string): boolean {
  return text.includes('999988887777');
}
