import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { aspects } from '../../shared/aspects/index.ts';
import { matchesEvent } from '../../shared/eventbridge/matcher.ts';
import { eventRules, isDelivered } from '../../shared/eventbridge/rules.ts';

const on = (eventSource: string, ...eventNames: string[]) => ({ triggers: [{ eventSource, eventNames }] });
const iam = 'iam.amazonaws.com';

const record = {
  eventID: '1',
  eventSource: iam,
  eventName: 'UpdateAssumeRolePolicy',
  eventTime: '2026-01-02T03:04:05Z',
  awsRegion: 'us-east-1',
  recipientAccountId: '111122223333',
  requestParameters: { roleName: 'app' },
};
const envelope = { source: 'aws.iam', 'detail-type': 'AWS API Call via CloudTrail', detail: record };

describe('eventRules', () => {
  it('makes one rule for each event source', () => {
    const rules = eventRules([
      on(iam, 'UpdateRole'),
      on('eks.amazonaws.com', 'CreatePodIdentityAssociation'),
      on(iam, 'TagRole', 'UpdateRole'),
    ]);
    expect(rules.map(({ name, source }) => [name, source])).toEqual([
      ['eks-changes', 'aws.eks'],
      ['iam-changes', 'aws.iam'],
    ]);
    expect(rules[1]?.pattern).toEqual({
      source: ['aws.iam'],
      detail: {
        eventSource: [iam],
        eventName: ['AcquireRole', 'CreateRole', 'DeleteRole', 'TagRole', 'UpdateRole'],
        errorCode: [{ exists: false }],
      },
    });
  });

  it('wakes for a new and a deleted role, whatever the aspects ask', () => {
    const rules = eventRules([]);
    expect(isDelivered(rules, { ...record, eventName: 'CreateRole' })).toBe(true);
    expect(isDelivered(rules, { ...record, eventName: 'AcquireRole' })).toBe(true);
    expect(isDelivered(rules, { ...record, eventName: 'DeleteRole' })).toBe(true);
  });

  it('refuses a pattern that is longer than EventBridge takes', () => {
    const names = Array.from({ length: 100 }, (_, n) => `SomeVeryLongEventName${n}`);
    expect(() => eventRules([on(iam, ...names)])).toThrow(
      /"iam-changes": its pattern is \d+ characters long/,
    );
  });

  it('listens to every trigger of the product, with room to spare', () => {
    const rules = eventRules(aspects);
    for (const { eventSource, eventNames } of aspects.flatMap(({ triggers }) => triggers))
      for (const eventName of eventNames)
        expect(isDelivered(rules, { ...record, eventSource, eventName })).toBe(true);
    for (const { pattern } of rules) expect(JSON.stringify(pattern).length).toBeLessThan(1500);
  });

  it('has nothing in a pattern that a caller could choose', () => {
    const details = z.record(z.string(), z.unknown());
    for (const { pattern } of eventRules(aspects)) {
      expect(Object.keys(pattern)).toEqual(['source', 'detail']);
      expect(Object.keys(details.parse(pattern['detail']))).toEqual([
        'eventSource',
        'eventName',
        'errorCode',
      ]);
    }
  });
});

describe('isDelivered', () => {
  const rules = eventRules([on(iam, 'UpdateAssumeRolePolicy')]);

  it('asks about a bare record as about the same record in its envelope', () => {
    expect(isDelivered(rules, envelope)).toBe(true);
    expect(isDelivered(rules, record)).toBe(true);
  });

  it.each([
    ['a failed call', { ...record, errorCode: 'AccessDenied' }],
    ['a failed call, named at length', { ...record, errorCode: 'NoSuchEntityException' }],
    ['a call that no aspect asks for', { ...record, eventName: 'TagUser' }],
    ['a call that only reads', { ...record, eventName: 'GetRole' }],
    ['the same name in another service', { ...record, eventSource: 'sts.amazonaws.com' }],
    ['a name in another case', { ...record, eventName: 'updateassumerolepolicy' }],
    ['an event of our own making', { ...envelope, source: 'custom.iam' }],
    ['no event', 'text'],
    ['nothing', null],
    ['an empty object', {}],
  ])('does not deliver %s', (_, event) => {
    expect(isDelivered(rules, event)).toBe(false);
  });

  it.each([
    ['an IAM user', { type: 'IAMUser', userName: 'alice' }],
    ['the root user', { type: 'Root' }],
    [
      'a role',
      { type: 'AssumedRole', sessionContext: { sessionIssuer: { userName: 'IamDriftRemediator' } } },
    ],
    ['a service', { type: 'AWSService', invokedBy: 'sso.amazonaws.com' }],
    ['nobody', undefined],
  ])('delivers what %s did', (_, userIdentity) => {
    expect(isDelivered(rules, { ...record, userIdentity })).toBe(true);
  });

  it('delivers changes of roles in any spelling and with any path', () => {
    for (const roleName of ['app', 'APP', 'x'.repeat(64)])
      expect(isDelivered(rules, { ...record, requestParameters: { roleName } })).toBe(true);
  });
});

describe('the rules of the product, beside the events that it comes with', () => {
  const delivered = new Map(
    recordsIn('events').map(({ file, original }) => [file, isDelivered(eventRules(aspects), original)]),
  );

  it('deliver all but what changes no role', () => {
    const kept = [...delivered].filter(([, isSo]) => !isSo).map(([file]) => file.replace(/^\d+-/, ''));
    expect(kept.sort()).toEqual([
      'denied-call.json',
      'read.json',
      'service-linked-role-created.json',
      'user-joins-a-group.json',
    ]);
    expect(delivered.size).toBeGreaterThan(20);
  });
});

const corpus = process.env['IAM_DRIFT_CORPUS'];

describe.skipIf(corpus === undefined)('the rules of the product, beside real CloudTrail records', () => {
  const recorded = corpus === undefined ? [] : recordsIn(join(corpus, 'cloudtrail'));
  const rules = eventRules(aspects);
  const wanted = [
    'CreateRole',
    'DeleteRole',
    ...aspects.flatMap(({ triggers }) => triggers.flatMap(({ eventNames }) => eventNames)),
  ];

  it('reads a hundred of them or more', () => {
    expect(recorded.length).toBeGreaterThan(100);
  });

  it.each(recorded)('$file $event.eventName', ({ event, original }) => {
    const expected =
      event.eventSource === iam && event.errorCode === undefined && wanted.includes(event.eventName);
    expect(isDelivered(rules, original)).toBe(expected);
  });

  it('finds the pattern usable as text, as a template holds it', () => {
    for (const { pattern } of rules)
      for (const { original } of recorded)
        expect(matchesEvent(JSON.stringify(pattern), original)).toBe(matchesEvent(pattern, original));
  });
});

function recordsIn(folder: string) {
  const fields = z.object({
    eventName: z.string(),
    eventSource: z.string(),
    errorCode: z.optional(z.string()),
  });
  const file = z.union([
    z.pipe(
      z.object({ Records: z.array(z.unknown()) }),
      z.transform(({ Records }) => Records),
    ),
    z.pipe(
      z.unknown(),
      z.transform((one) => [one]),
    ),
  ]);
  const detailed = z.object({ detail: fields });
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) =>
      file.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))).map((original) => {
        const inEnvelope = detailed.safeParse(original);
        return { file: name, original, event: inEnvelope.data?.detail ?? fields.parse(original) };
      }),
    );
}
