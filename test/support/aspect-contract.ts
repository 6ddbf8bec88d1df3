import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import type { Aspect } from '../../shared/aspects/define.ts';
import { type AwsClients, awsClients } from '../../shared/aws/clients.ts';
import { parseIamEvent } from '../../shared/cloudtrail/parse-event.ts';
import type { EmbeddedAccount } from '../../shared/embedded-account/account.ts';
import type { Json } from '../../shared/model.ts';
import { observeRole } from '../../shared/reconciler/observe.ts';
import { planRollBack, rollBack } from '../../shared/reconciler/roll-back.ts';
import { anIamEvent } from './cloudtrail-events.ts';
import { ACCOUNT_ID, scene, type Scene } from './scene.ts';

/** What somebody does to the role `app`, outside of this product. */
export type Tampering = (account: EmbeddedAccount) => void;

export interface AspectCases {
  /** A declaration for the role `app`. */
  readonly declared: Json;
  /** Brings `app`, just created and trusting EC2, to where the declaration wants it. */
  readonly inSync: Tampering;
  /** By name: what is drift. */
  readonly drifted: Readonly<Record<string, Tampering>>;
  /** By name: what looks different and is not. */
  readonly equivalents: Readonly<Record<string, Tampering>>;
  /** Names of drift of which no declaration tells what was there. */
  readonly cannotDeclare?: readonly string[];
  /** No access depends on it: a difference needs no words about access. */
  readonly isForPeopleOnly?: true;
}

const trustsEc2: Json = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

function look(one: Scene): Promise<readonly string[]> {
  return one.deliver(anIamEvent('UpdateRole', { roleName: 'app' }));
}

/** What every aspect promises, shown on an account. */
export function describeAspect(aspect: Aspect, cases: AspectCases): void {
  const scenes: Scene[] = [];
  afterEach(async () => {
    await Promise.all(scenes.splice(0).map((one) => one.close()));
  });

  async function anApp(mode: 'enforce' | 'detect', tamper: Tampering): Promise<Scene> {
    const role = { name: 'app', [aspect.name]: cases.declared };
    const one = await scene(JSON.stringify({ version: 1, defaults: { mode }, roles: [role] }));
    scenes.push(one);
    one.account.createRole({ roleName: 'app', trustPolicy: trustsEc2 });
    cases.inSync(one.account);
    tamper(one.account);
    return one;
  }
  describe(`${aspect.name}, as an aspect`, () => {
    it('a role as declared is in sync', async () => {
      const one = await anApp('enforce', () => {});
      await look(one);
      expect(one.reports).toMatchObject([{ outcome: 'in-sync' }]);
    });

    it.each(Object.entries(cases.equivalents))('no drift: %s', async (_name, tamper) => {
      const one = await anApp('enforce', tamper);
      await look(one);
      expect(one.reports).toMatchObject([{ outcome: 'in-sync' }]);
      expect(one.account.calls.filter(({ operation }) => !/^(Get|List|Describe)/.test(operation))).toEqual(
        [],
      );
    });

    it.each(Object.entries(cases.drifted))(
      'converges, a second look is in sync: %s',
      async (_name, tamper) => {
        const one = await anApp('enforce', tamper);
        await look(one);
        await look(one);
        expect(one.reports).toMatchObject([
          { outcome: 'remediated', verified: true },
          { outcome: 'in-sync' },
        ]);
      },
    );

    it.each(Object.entries(cases.drifted))(
      'says in words what changed, and in detect mode writes nothing: %s',
      async (_name, tamper) => {
        const one = await anApp('detect', tamper);
        const before = JSON.stringify(one.account.role('app'));
        await look(one);
        expect(one.reports).toMatchObject([{ outcome: 'detected' }]);
        const { drift, changes } = one.reports[0] ?? { drift: { differences: [] }, changes: [] };
        expect(changes).toHaveLength(drift.differences.length);
        for (const { path, access } of drift.differences) {
          expect(path.startsWith(aspect.name)).toBe(true);
          const told = [...access.gained, ...access.lost].map(({ text }) => text).join('');
          expect(told === '').toBe(cases.isForPeopleOnly === true);
        }
        expect(JSON.stringify(one.account.role('app'))).toBe(before);
      },
    );

    it.each(Object.entries({ ...cases.drifted, 'as declared': () => {} }))(
      'what can be declared of what was there makes it in sync: %s',
      async (name, tamper) => {
        const one = await anApp('detect', tamper);
        const ref = { accountId: ACCOUNT_ID, partition: 'aws', roleName: 'app' };
        const observed = await observedBy(aspect, cases.declared, one.account);
        const declared = aspect.declare(observed, ref);
        expect(declared === null).toBe(cases.cannotDeclare?.includes(name) === true);
        expect(declared === null ? [] : aspect.diff(declared, observed, ref)).toEqual([]);
      },
    );

    it.each(Object.entries(cases.drifted))(
      'can be rolled back, or says what not: %s',
      async (name, tamper) => {
        const one = await anApp('enforce', tamper);
        await look(one);
        const [incident] = one.ledger.incidents();
        if (incident === undefined) throw new TypeError('the ledger holds no incident');
        const clients = clientsOf(one.account);
        const plan = await planRollBack(incident, clients, one.clock.now());
        const done = await rollBack(plan, clients, one.clock);
        clients.destroy();
        const words = plan.admitted.map(({ change }) => change.summary).join('; ');
        expect(words).not.toMatch(/declare/);
        expect(done.applied.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
        const isBack = done.left.length + plan.cannotPutBack.length === 0;
        const isUndeclarable = cases.cannotDeclare?.includes(name) === true;
        expect(isBack).toBe(!isUndeclarable);
        expect(plan.cannotPutBack).toEqual(isUndeclarable ? [aspect.name] : []);
      },
    );

    it('uses only the actions it declares', async () => {
      const granted = new Set(['iam:GetRole', ...aspect.actions.observe, ...aspect.actions.revert]);
      for (const tamper of Object.values(cases.drifted)) {
        const one = await anApp('enforce', tamper);
        await look(one);
        for (const { action } of one.account.calls) expect(granted).toContain(action);
      }
    });

    it('is woken by a recorded event for each trigger', () => {
      const recorded = new Set(recordedEventNames());
      for (const { eventNames } of aspect.triggers)
        for (const eventName of eventNames) expect(recorded).toContain(eventName);
    });
  });
}

function clientsOf({ endpoint }: EmbeddedAccount): AwsClients {
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'example' };
  return awsClients({ endpoint, region: 'us-east-1', credentials });
}

async function observedBy(aspect: Aspect, declared: Json, account: EmbeddedAccount): Promise<Json> {
  const ref = { accountId: ACCOUNT_ID, partition: 'aws', roleName: 'app' };
  const clients = clientsOf(account);
  try {
    const desired = {
      ref,
      isByPattern: false,
      path: '/',
      mode: 'detect' as const,
      isDeclared: (roleName: string) => roleName === 'app',
      aspects: { [aspect.name]: { mode: 'detect' as const, declared: aspect.normalise(declared) } },
      grace: null,
      recreation: null,
      digests: {},
      spec: { version: '', file: 'roles.yaml', line: 1 },
    };
    const { aspects } = await observeRole(desired, clients);
    return aspects[aspect.name] ?? null;
  } finally {
    clients.destroy();
  }
}

function recordedEventNames(): readonly string[] {
  const folder = join(import.meta.dirname, '../../events');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const parsed = parseIamEvent(JSON.parse(readFileSync(join(folder, name), 'utf8')));
      return parsed.kind === 'change' ? [parsed.event.eventName] : [];
    });
}
