import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { parseIamEvent } from '../../shared/cloudtrail/parse-event.ts';
import { UnreadableEventError } from '../../shared/errors.ts';
import type { IamChangeEvent } from '../../shared/model.ts';

const userIdentity = {
  type: 'IAMUser',
  principalId: 'AIDACKCEVSQ6C2EXAMPLE',
  arn: 'arn:aws:iam::111122223333:user/maria',
  accountId: '111122223333',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  userName: 'maria',
};

const record = {
  eventVersion: '1.11',
  userIdentity,
  eventTime: '2026-03-03T09:00:12Z',
  eventSource: 'iam.amazonaws.com',
  eventName: 'AttachRolePolicy',
  awsRegion: 'us-east-1',
  sourceIPAddress: '192.0.2.24',
  userAgent: 'aws-cli/2.31.9',
  requestParameters: { roleName: 'app', policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
  responseElements: null,
  eventID: 'fb100730-7040-446a-a7bf-84e5ffe1ab0f',
  readOnly: false,
  eventType: 'AwsApiCall',
  recipientAccountId: '111122223333',
};

const envelope = {
  version: '0',
  id: '4213ce47-575d-4b6a-864b-5a338b439c3e',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.iam',
  account: '444455556666',
  time: '2026-03-03T09:00:15Z',
  region: 'us-east-1',
  resources: [],
};

function changeIn(input: unknown): IamChangeEvent {
  const parsed = parseIamEvent(input);
  if (parsed.kind === 'ignored') throw new Error(`ignored: ${parsed.reason}`);
  return parsed.event;
}

const reasonFor = (fields: object) => {
  const parsed = parseIamEvent({ ...record, ...fields });
  return parsed.kind === 'ignored' ? parsed.reason : null;
};

const accountOf = (fields: object, wrapped = true) =>
  changeIn(wrapped ? { ...envelope, detail: { ...record, ...fields } } : { ...record, ...fields }).accountId;

const session = (mfaAuthenticated: unknown) => ({
  type: 'AssumedRole',
  arn: 'arn:aws:sts::111122223333:assumed-role/deployer/ci/42@example.com',
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      arn: 'arn:aws:iam::111122223333:role/team/deployer',
      userName: 'deployer',
    },
    attributes: { mfaAuthenticated },
  },
  invokedBy: 'cloudformation.amazonaws.com',
});

const partitionOf = (awsRegion: unknown, arn = userIdentity.arn) =>
  changeIn({ ...record, awsRegion, userIdentity: { ...userIdentity, arn } }).partition;

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('parseIamEvent: what a change says', () => {
  it('reads a bare record', () => {
    expect(changeIn(record)).toEqual({
      eventId: record.eventID,
      eventName: 'AttachRolePolicy',
      eventSource: 'iam.amazonaws.com',
      eventTime: '2026-03-03T09:00:12Z',
      region: 'us-east-1',
      partition: 'aws',
      accountId: '111122223333',
      actor: {
        type: 'IAMUser',
        arn: 'arn:aws:iam::111122223333:user/maria',
        accountId: '111122223333',
        userName: 'maria',
        sessionName: null,
        issuerArn: null,
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        invokedBy: null,
        sourceIpAddress: '192.0.2.24',
        userAgent: 'aws-cli/2.31.9',
        mfa: null,
      },
      roleName: 'app',
      policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      requestParameters: record.requestParameters,
    });
  });

  it('reads the same from an EventBridge delivery', () => {
    expect(changeIn({ ...envelope, detail: record })).toEqual(changeIn(record));
  });

  it('takes the account that was changed, not the one of the caller', () => {
    const caller = { ...userIdentity, accountId: '777788889999' };
    expect(accountOf({ userIdentity: caller })).toBe('111122223333');
    expect(accountOf({ userIdentity: caller, recipientAccountId: undefined })).toBe('444455556666');
    expect(accountOf({ userIdentity: caller, recipientAccountId: undefined }, false)).toBe('777788889999');
    expect(accountOf({ recipientAccountId: 11122223333 })).toBe('011122223333');
  });

  it('refuses a change without an account', () => {
    const homeless = { ...record, recipientAccountId: 'everyone', userIdentity: null };
    expect(() => parseIamEvent(homeless)).toThrow(
      /fb100730.*no account id: recipientAccountId is "everyone"/u,
    );
  });

  it('tells a session from the role that issued it, with MFA as text or as a boolean', () => {
    expect(changeIn({ ...record, userIdentity: session('true') }).actor).toMatchObject({
      sessionName: 'ci/42@example.com',
      issuerArn: 'arn:aws:iam::111122223333:role/team/deployer',
      invokedBy: 'cloudformation.amazonaws.com',
      userName: null,
      mfa: true,
    });
    expect(changeIn({ ...record, userIdentity: session(false) }).actor.mfa).toBe(false);
    expect(changeIn({ ...record, userIdentity: session('perhaps') }).actor.mfa).toBeNull();
  });

  it('keeps what the caller chose as it is', () => {
    const userAgent = '  <!channel>\u202Eevil\u0007 ';
    expect(changeIn({ ...record, userAgent }).actor.userAgent).toBe(userAgent);
  });

  it('normalises times to UTC, wherever the machine is', () => {
    vi.stubEnv('TZ', 'America/New_York');
    const timeOf = (eventTime: unknown) =>
      changeIn({ ...envelope, detail: { ...record, eventTime } }).eventTime;
    expect(timeOf('2026-03-03T10:00:12+01:00')).toBe('2026-03-03T09:00:12Z');
    expect(timeOf('2026-03-03T09:00:12')).toBe('2026-03-03T09:00:12Z');
    expect(timeOf('2026-03-03T09:00:12.5Z')).toBe('2026-03-03T09:00:12.500Z');
    expect(timeOf('yesterday')).toBe(envelope.time);
  });

  it('refuses a change at no time', () => {
    expect(() => parseIamEvent({ ...record, eventTime: '2026-13-03T09:00:12Z' })).toThrow(
      /eventTime is no time/u,
    );
  });

  it('knows the partition by the region, or by the caller where the region is missing', () => {
    expect(partitionOf('cn-north-1')).toBe('aws-cn');
    expect(partitionOf('us-gov-west-1')).toBe('aws-us-gov');
    expect(partitionOf('eu-central-1')).toBe('aws');
    expect(partitionOf(undefined, 'arn:aws-cn:iam::111122223333:user/maria')).toBe('aws-cn');
    expect(partitionOf(undefined, 'nonsense')).toBe('aws');
  });

  it('has the same id when it is delivered twice, even where the record has none', () => {
    const anonymous = { ...record, eventID: undefined };
    const once = changeIn({ ...envelope, id: 'a', detail: anonymous }).eventId;
    expect(changeIn({ ...envelope, id: 'b', detail: anonymous }).eventId).toBe(once);
    expect(changeIn({ ...anonymous, requestID: 'request' }).eventId).toBe('request');
  });
});

describe('parseIamEvent: which role', () => {
  it('takes a service-linked role from the answer: IAM makes up its name', () => {
    const created = {
      ...record,
      eventName: 'CreateServiceLinkedRole',
      requestParameters: { aWSServiceName: 'eks.amazonaws.com' },
      responseElements: { role: { roleName: 'AWSServiceRoleForAmazonEKS' } },
    };
    expect(changeIn(created).roleName).toBe('AWSServiceRoleForAmazonEKS');
    expect(changeIn({ ...created, responseElements: null }).roleName).toBeNull();
  });

  it('takes a role made from a template from the answer: the template names it', () => {
    const created = {
      ...record,
      eventName: 'AcquireRole',
      requestParameters: { templateArn: 'arn:aws:iam::111122223333:role-template/node' },
      responseElements: { role: { roleName: 'team-NodeInstanceRole' } },
    };
    expect(changeIn(created).roleName).toBe('team-NodeInstanceRole');
  });

  it.each([
    ['CreatePolicyVersion', { policyArn: 'arn:aws:iam::111122223333:policy/team/app' }],
    ['SetDefaultPolicyVersion', { policyArn: 'arn:aws:iam::111122223333:policy/team/app', versionId: 'v1' }],
  ])('takes the policy of %s', (eventName, requestParameters) => {
    const event = changeIn({ ...record, eventName, requestParameters });
    expect(event).toMatchObject({ roleName: null, policyArn: 'arn:aws:iam::111122223333:policy/team/app' });
  });

  it('takes a new policy from the answer', () => {
    const responseElements = { policy: { arn: 'arn:aws:iam::111122223333:policy/app' } };
    const event = changeIn({ ...record, eventName: 'CreatePolicy', requestParameters: {}, responseElements });
    expect(event.policyArn).toBe('arn:aws:iam::111122223333:policy/app');
  });

  it('knows that changes of users and groups concern no role', () => {
    const event = changeIn({ ...record, eventName: 'AddUserToGroup', requestParameters: { groupName: 'g' } });
    expect(event).toMatchObject({ roleName: null, policyArn: null });
  });

  it.each(['', ' app', 'a/b', 'app\n', '<!channel>', '\u202Eppa', 'x'.repeat(65), ['app'], {}, true])(
    'refuses the role name %j instead of skipping the event',
    (roleName) => {
      expect(() => parseIamEvent({ ...record, requestParameters: { roleName } })).toThrow(
        UnreadableEventError,
      );
      // Also in a call that is not known to name a role.
      const unknown = { ...record, eventName: 'SomethingNew', requestParameters: { roleName } };
      expect(() => parseIamEvent(unknown)).toThrow(UnreadableEventError);
    },
  );

  it('shows a hostile name in printable ASCII only, cut', () => {
    const hostile = {
      ...record,
      requestParameters: { roleName: `\u202E\u0007<!channel>\n😀${'x'.repeat(500)}` },
    };
    const [message] = [hostile].map((input) => messageOf(() => parseIamEvent(input)));
    expect(message).toMatch(/^[ -~…]{1,300}$/u);
    expect(message).toContain('roleName is no name that IAM allows: "\\u{202e}\\u0007<!channel>\\n');
  });

  it.each([
    null,
    'HIDDEN_DUE_TO_SECURITY_REASONS',
    [],
    { policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
  ])('refuses a role call whose parameters %j name no role', (requestParameters) => {
    expect(() => parseIamEvent({ ...record, requestParameters })).toThrow(
      /no roleName in requestParameters/u,
    );
  });

  it('refuses a policy call that names no policy', () => {
    const input = { ...record, eventName: 'CreatePolicyVersion', requestParameters: { policyArn: 'x' } };
    expect(() => parseIamEvent(input)).toThrow(/policyArn is no policy's ARN: "x"/u);
  });

  it('reads a role call whose policy it cannot read: the role says what is attached', () => {
    const event = changeIn({ ...record, requestParameters: { roleName: 'app', policyArn: ['x'] } });
    expect(event).toMatchObject({ roleName: 'app', policyArn: null });
  });
});

describe('parseIamEvent: what is ignored', () => {
  it('ignores failed calls by the presence of an error, not by its text', () => {
    expect(reasonFor({ errorCode: 'AccessDenied', requestParameters: null })).toBe('failed-call');
    expect(reasonFor({ errorCode: 0 })).toBe('failed-call');
    expect(reasonFor({ errorMessage: 'No' })).toBe('failed-call');
    expect(reasonFor({ errorCode: null, errorMessage: undefined })).toBeNull();
  });

  it('ignores reads, by their names where the flag is missing', () => {
    expect(reasonFor({ readOnly: true })).toBe('read-only');
    expect(reasonFor({ readOnly: 'true' })).toBe('read-only');
    expect(reasonFor({ readOnly: 'false' })).toBeNull();
    expect(reasonFor({ readOnly: undefined })).toBeNull();
    for (const eventName of ['GetRole', 'ListRoles', 'SimulatePrincipalPolicy', 'GenerateCredentialReport'])
      expect(reasonFor({ readOnly: null, eventName })).toBe('read-only');
  });

  it('ignores other services', () => {
    expect(reasonFor({ eventSource: 'sts.amazonaws.com' })).toBe('not-iam');
    expect(reasonFor({ eventSource: 'IAM.amazonaws.com' })).toBeNull();
  });

  it('ignores what is no call', () => {
    expect(reasonFor({ eventType: 'AwsServiceEvent' })).toBe('not-a-call');
    expect(reasonFor({ eventType: undefined })).toBeNull();
  });

  it('takes the envelope’s source where the record does not say its own', () => {
    const detail = { ...record, eventSource: undefined };
    expect(changeIn({ ...envelope, detail }).eventSource).toBe('iam.amazonaws.com');
    expect(parseIamEvent({ ...envelope, source: 'aws.s3', detail })).toEqual({
      kind: 'ignored',
      reason: 'not-iam',
    });
  });
});

describe('parseIamEvent: hostile input', () => {
  it.each([
    null,
    undefined,
    42,
    'text',
    true,
    [],
    [record],
    {},
    { detail: {} },
    { detail: record.eventName },
  ])('refuses %j, which is no CloudTrail record', (input) => {
    expect(() => parseIamEvent(input)).toThrow(UnreadableEventError);
  });

  it('takes names such as __proto__ and constructor for names', () => {
    const requestParameters: unknown = JSON.parse(
      '{"roleName":"constructor","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    );
    const event = changeIn({ ...record, requestParameters });
    expect(event.roleName).toBe('constructor');
    expect(Object.getPrototypeOf(event.requestParameters)).toBeNull();
    expect(event.requestParameters['polluted']).toBeUndefined();
    expect(Object.keys(event.requestParameters)).toEqual(['roleName', 'constructor']);
    expect(Object.assign({}, event.requestParameters)).not.toHaveProperty('polluted');
  });

  it('does not read inherited fields', () => {
    expect(() => parseIamEvent(Object.create(record))).toThrow(UnreadableEventError);
  });

  it('refuses parameters nested deeper than any request, without overflowing', () => {
    for (const [open, close] of [
      ['{"a":', '}'],
      ['[', ']'],
    ] as const) {
      const deep: unknown = JSON.parse(`${open.repeat(100_000)}1${close.repeat(100_000)}`);
      const input = { ...record, requestParameters: { roleName: 'app', deep } };
      expect(() => parseIamEvent(input)).toThrow(/nested deeper than 32 levels/u);
    }
  });

  it('parses, ignores or refuses whatever stands in whichever field', () => {
    const paths = fc.constantFrom(
      ...Object.keys(record).map((name) => [name]),
      ...Object.keys(userIdentity).map((name) => ['userIdentity', name]),
      ['userIdentity', 'sessionContext'],
      ['requestParameters', 'roleName'],
      ['requestParameters', 'policyArn'],
      ['requestParameters', '__proto__'],
    );
    const names = fc.constantFrom(
      'AttachRolePolicy',
      'CreateServiceLinkedRole',
      'CreatePolicy',
      'DeletePolicy',
      'X',
    );
    const isSafe = fc.property(
      paths,
      fc.jsonValue(),
      names,
      fc.boolean(),
      (path, value, eventName, wrapped) => {
        const changed = withValueAt({ ...record, eventName }, path, value);
        return isRefusedOrSound(wrapped ? { ...envelope, detail: changed } : changed);
      },
    );
    expect(fc.check(isSafe, { numRuns: 3000 })).toMatchObject({ failed: false });
  });

  it('parses, ignores or refuses any JSON at all', () => {
    const isSafe = fc.property(fc.jsonValue({ maxDepth: 6 }), isRefusedOrSound);
    expect(fc.check(isSafe)).toMatchObject({ failed: false });
  });
});

function isRefusedOrSound(input: unknown): boolean {
  const parsed = attempt(() => parseIamEvent(input));
  if (parsed instanceof Error) return parsed instanceof UnreadableEventError;
  return parsed.kind === 'ignored' || isSound(parsed.event);
}

function isSound(event: IamChangeEvent): boolean {
  return (
    /^\d{12,16}$/u.test(event.accountId) &&
    (event.roleName === null || /^[\w+=,.@-]{1,64}$/u.test(event.roleName)) &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/u.test(event.eventTime) &&
    Object.values(event.actor).every(
      (value) => value === null || ['string', 'boolean'].includes(typeof value),
    )
  );
}

function withValueAt(input: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const fields = Object.entries(input ?? {});
  const member: unknown = new Map<string, unknown>(fields).get(name);
  return Object.fromEntries([
    ...fields.filter(([key]) => key !== name),
    [name, withValueAt(member, rest, value)],
  ]);
}

function attempt<Result>(run: () => Result): Result | Error {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? error : new Error('threw no error');
  }
}

function messageOf(run: () => unknown): string {
  const result = attempt(run);
  return result instanceof Error ? result.message : '';
}
