import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readEvents } from '../../shared/cloudtrail/read-events.ts';
import type { Json, JsonObject } from '../../shared/model.ts';
import { anIamEvent, inEnvelope } from '../support/cloudtrail-events.ts';
import { type Scene, scene } from '../support/scene.ts';
import { ABOUT_LINEAR, growth } from './cpu-time.ts';
import { TRAPS } from './names.ts';

const trust: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const names = ['app', ...TRAPS];
const putTrust = (roleName: string, document: Json) =>
  anIamEvent('UpdateAssumeRolePolicy', { roleName, policyDocument: JSON.stringify(document) });

let stage: Scene;
beforeAll(async () => {
  const roles = names.map((name) => ({ name, trustPolicy: trust, managedPolicies: [] }));
  stage = await scene(JSON.stringify({ version: 1, defaults: { mode: 'enforce' }, roles }));
  for (const roleName of names) stage.account.createRole({ roleName, trustPolicy: trust });
});
afterAll(() => stage.close());

/** Delivers; the handler must answer, and the account be as before without a call that could have changed it. */
async function delivered(...bodies: readonly string[]): Promise<readonly string[]> {
  const before = JSON.stringify(stage.account.roles());
  const calls = stage.account.calls.length;
  const failed = await stage.deliver(...bodies);
  expect(JSON.stringify(stage.account.roles())).toBe(before);
  expect(
    stage.account.calls.slice(calls).filter(({ operation }) => !/^(?:Get|List)/.test(operation)),
  ).toEqual([]);
  return failed;
}

describe('a message', () => {
  it('is taken or sent back, whatever its text is, and nothing is changed for it', async () => {
    const body = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.constantFrom(
        '',
        'null',
        '[]',
        '{"detail":null}',
        '{"recheck":{}}',
        '['.repeat(100_000),
        '{"a":'.repeat(100_000),
      ),
    );
    expect(
      await fc.check(
        fc.asyncProperty(
          fc.array(body, { maxLength: 5 }),
          async (bodies) => void (await delivered(...bodies)),
        ),
        { numRuns: 200 },
      ),
    ).toMatchObject({ counterexample: null });
  });

  it('is taken or sent back, whatever stands in whichever field, and nothing is changed for it', async () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<Json>('', '\u0000', '\ud800', '../..', 'app\n', '*', 1e21, [[[]]], {}),
    );
    const record = putTrust('app', trust);
    const userIdentity = { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/alice' };
    const requestParameters = { roleName: 'app', policyDocument: JSON.stringify(trust) };
    const event = fc.oneof(
      fc.tuple(fc.constantFrom(...Object.keys(record)), anything).map(([key, value]) => ({ [key]: value })),
      fc
        .tuple(fc.constantFrom('type', 'arn', 'accountId', 'sessionContext', 'invokedBy'), anything)
        .map(([key, value]) => ({ userIdentity: { ...userIdentity, [key]: value } })),
      fc
        .tuple(fc.constantFrom('roleName', 'policyDocument'), anything)
        .map(([key, value]) => ({ requestParameters: { ...requestParameters, [key]: value } })),
    );
    const property = fc.asyncProperty(event, fc.boolean(), async (wrong, isWrapped) => {
      const detail = { ...record, ...wrong };
      await delivered(JSON.stringify(isWrapped ? { ...inEnvelope(record), detail } : detail));
    });
    expect(await fc.check(property, { numRuns: 300 })).toMatchObject({ counterexample: null });
  });

  it('that is our own request for a second look is taken or sent back, whatever it holds', async () => {
    const anything = fc.oneof(fc.jsonValue(), fc.constantFrom<Json>('app', '111122223333', '__proto__'));
    const request = fc.record(
      {
        role: fc.oneof(fc.record({ accountId: anything, partition: anything, roleName: anything }), anything),
        trigger: anything,
        causes: anything,
        recheck: anything,
      },
      { requiredKeys: [] },
    );
    const property = fc.asyncProperty(
      request,
      fc.constantFrom('recheckRole', 'detail'),
      async (given, key) => void (await delivered(JSON.stringify(given), JSON.stringify({ [key]: given }))),
    );
    expect(await fc.check(property, { numRuns: 200 })).toMatchObject({ counterexample: null });
  });

  it('does not drag the others of its batch down', async () => {
    const good = JSON.stringify(inEnvelope(putTrust('app', trust)));
    expect(await delivered('{', good, '\u0000', '{"eventName":{}}', good)).toEqual(['m0', 'm2', 'm3']);
  });

  it.each(TRAPS)('about a role with the name %s brings that role back, and no other', async (trap) => {
    const backdoor: JsonObject = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
    };
    expect(await stage.happen(putTrust(trap, backdoor))).toEqual([]);
    expect(stage.reports.at(-1)).toMatchObject({
      outcome: 'remediated',
      verified: true,
      role: { roleName: trap },
    });
    expect(stage.account.role(trap)?.trustPolicy).toEqual(trust);
    const policyArn = `arn:aws:iam::111122223333:policy/${trap}`;
    expect(await stage.happen(anIamEvent('AttachRolePolicy', { roleName: trap, policyArn }))).toEqual([]);
    expect(stage.reports.at(-1)?.drift.differences).toMatchObject([{ type: 'ADD', actual: policyArn }]);
    expect(stage.account.role('app')?.managedPolicies).toEqual([]);
  });
});

describe('files of events that would fill the memory', () => {
  it.each([
    [
      'an array of empty records',
      `[${'{},'.repeat(20_000_001)}{}]`,
      /holds more than 20000000 values; split it/,
      0,
    ],
    [
      'records without end',
      '{"a":1}\n'.repeat(2_000_002),
      /and 2 more records than the 2000000 that are read/,
      2_000_000,
    ],
  ])('are refused, or read as far as they fit: %s', (_, text, message, read) => {
    const { records, faults } = readEvents(new TextEncoder().encode(text), 'log');
    expect([records.length, faults.length]).toEqual([read, 1]);
    expect(faults[0]?.message).toMatch(message);
  });
});

describe('files of events take about linear time', () => {
  const record = JSON.stringify(putTrust('app', trust));
  const shapes: readonly (readonly [string, number, (size: number) => string])[] = [
    [
      'records in one array',
      5000,
      (size) => `{"Records":[${Array.from({ length: size }, () => record).join(',')}]}`,
    ],
    ['records in lines', 5000, (size) => `${record}\n`.repeat(size)],
    ['lines that are no JSON', 20_000, (size) => `${record}\n${'{x\n'.repeat(size)}`],
    ['lines that are no objects', 500_000, (size) => '1\n'.repeat(size)],
    ['blank lines', 1_000_000, (size) => `${record}${'\n'.repeat(size)}${record}`],
    ['NULs', 1_000_000, (size) => '\0'.repeat(size)],
    ['quotes', 1_000_000, (size) => '"'.repeat(size)],
    ['one field of backslashes', 1_000_000, (size) => `{"eventName":"${'\\\\'.repeat(size)}"}`],
  ];

  it.each(shapes)('%s', async (_, size, make) => {
    const bytes = (n: number) => new TextEncoder().encode(make(n));
    expect(await growth(bytes, (given) => readEvents(given, 'log'), size)).toBeLessThan(ABOUT_LINEAR);
  });
});
