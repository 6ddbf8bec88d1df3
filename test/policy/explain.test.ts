import { describe, expect, it } from 'vitest';

import type { Json, JsonObject } from '../../shared/model.ts';
import { explainAccess } from '../../shared/policy/explain.ts';
import type { PolicyKind } from '../../shared/policy/parse.ts';
import { isUniqueId } from '../../shared/policy/unique-id.ts';

const document = (...statements: JsonObject[]): JsonObject => ({
  Version: '2012-10-17',
  Statement: statements,
});
const allow = (Principal: JsonObject, Condition: JsonObject = {}, rest: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Principal,
  Action: 'sts:AssumeRole',
  Condition,
  ...rest,
});
const deny = (Principal: JsonObject, Condition: JsonObject = {}) =>
  allow(Principal, Condition, { Effect: 'Deny' });
const grant = (Action: Json, Resource: Json, rest: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...rest,
});

const ec2 = { Service: 'ec2.amazonaws.com' };
const account = { AWS: '193672423079' };
const app = { AWS: 'arn:aws:iam::123456789012:role/app' };
const anyone = { AWS: '*' };
const mfa = { Bool: { 'aws:MultiFactorAuthPresent': true } };
const externalId = { StringEquals: { 'sts:ExternalId': 'x' } };
const github = { Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com' };
const fromGithub = (subject: Json) =>
  allow(
    github,
    { StringLike: { 'token.actions.githubusercontent.com:sub': subject } },
    { Action: 'sts:AssumeRoleWithWebIdentity' },
  );

function told(expected: JsonObject | null, actual: JsonObject | null, kind: PolicyKind = 'trust') {
  const { gained, lost } = explainAccess(expected, actual, { kind });
  return [...gained.map(({ text }) => `+ ${text}`), ...lost.map(({ text }) => `- ${text}`)];
}

describe('what a trust policy gained or lost', () => {
  it("is the attacker's account, as the contract shows it", () => {
    expect(
      explainAccess(document(allow(ec2)), document(allow(ec2), allow(account)), { kind: 'trust' }),
    ).toEqual({
      gained: [
        {
          principal: 'AWS:arn:aws:iam::193672423079:root',
          actions: ['sts:AssumeRole'],
          conditions: {},
          text: 'account 193672423079 can now assume this role',
        },
      ],
      lost: [],
    });
  });

  it.each<[string, JsonObject | null, JsonObject | null, string[]]>([
    ['no policy before', null, document(allow(ec2)), ['+ the EC2 service can now assume this role']],
    ['no policy after', document(allow(ec2)), null, ['- the EC2 service can no longer assume this role']],
    ['merged statements', document(allow(ec2), allow(account)), document(allow({ ...ec2, ...account })), []],
    [
      'everybody',
      document(allow(ec2)),
      document(allow({ ...ec2, ...anyone })),
      ['+ anyone, in any AWS account, can now assume this role'],
    ],
    [
      'a role, where everybody could already',
      document(allow(anyone)),
      document(allow(anyone), allow(app)),
      [],
    ],
    [
      'a condition added',
      document(allow(account)),
      document(allow(account, mfa)),
      [
        '- account 193672423079 can no longer assume this role without condition, only when aws:MultiFactorAuthPresent is true',
      ],
    ],
    [
      'a condition removed',
      document(allow(account, mfa)),
      document(allow(account)),
      [
        '+ account 193672423079 can now assume this role without condition, no longer only when aws:MultiFactorAuthPresent is true',
      ],
    ],
    [
      'one of two conditions removed',
      document(allow(account, { ...mfa, ...externalId })),
      document(allow(account, externalId)),
      [
        '+ account 193672423079 can now assume this role when sts:ExternalId is "x", no longer only when aws:MultiFactorAuthPresent is true',
      ],
    ],
    [
      'MFA only where it is told',
      document(allow(account, mfa)),
      document(allow(account, { BoolIfExists: mfa.Bool })),
      [
        '+ account 193672423079 can now assume this role when aws:MultiFactorAuthPresent is true (if present), no longer only when aws:MultiFactorAuthPresent is true',
      ],
    ],
    [
      'one more value',
      document(allow(account, externalId)),
      document(allow(account, { StringEquals: { 'sts:ExternalId': ['x', 'y'] } })),
      ['+ account 193672423079 can now assume this role when sts:ExternalId is "y"'],
    ],
    [
      'a Deny lifted',
      document(allow(app), deny(anyone)),
      document(allow(app)),
      ['+ role app in account 123456789012 can now assume this role'],
    ],
    [
      'a Deny added',
      document(allow(app)),
      document(allow(app), deny(anyone)),
      ['- role app in account 123456789012 can no longer assume this role'],
    ],
    [
      'a Deny of what nobody allows',
      document(allow(ec2)),
      document(allow(ec2), deny(account)),
      ['- account 193672423079 is now explicitly denied to assume this role'],
    ],
    [
      'a conditional Deny lifted',
      document(allow(account), deny(anyone, { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } })),
      document(allow(account)),
      ['+ account 193672423079 can now assume this role even when aws:PrincipalOrgID is not "o-1"'],
    ],
    [
      'a deleted role',
      document(allow(app)),
      document(allow({ AWS: 'AROAEXAMPLEEXAMPLE123' })),
      [
        '+ a deleted role, AROAEXAMPLEEXAMPLE123, may now assume this role; this principal was deleted (or recreated)',
        '- role app in account 123456789012 can no longer assume this role; this principal was deleted (or recreated)',
      ],
    ],
    [
      'a statement that IAM would not take',
      document(allow(ec2)),
      document(allow(ec2), allow(account, {}, { Effect: 'allow' })),
      ['+ account 193672423079 may now assume this role'],
    ],
  ])('with %s', (_, expected, actual, sentences) => {
    expect(told(expected, actual)).toEqual(sentences);
  });

  it.each<[JsonObject, string]>([
    [{ Service: 'ecs-tasks.amazonaws.com' }, 'the ECS tasks service'],
    [{ Service: 'pods.eks.amazonaws.com' }, 'EKS Pod Identity'],
    [{ Service: 'eks-fargate-pods.amazonaws.com' }, 'EKS Fargate'],
    [{ Service: 'ec2.amazonaws.com.cn' }, 'the EC2 service (China)'],
    [{ Service: 'new.amazonaws.com' }, 'the service new.amazonaws.com'],
    [{ AWS: 'arn:aws:iam::123456789012:user/team/alice' }, 'user team/alice in account 123456789012'],
    [
      { AWS: 'arn:aws:sts::123456789012:assumed-role/app/me' },
      'session me of role app in account 123456789012',
    ],
    [{ AWS: 'arn:aws-cn:iam::123456789012:root' }, 'account 123456789012 (aws-cn)'],
    [
      { Federated: 'arn:aws:iam::123456789012:saml-provider/okta' },
      'any identity of the SAML provider okta in account 123456789012',
    ],
    [{ Federated: 'accounts.google.com' }, 'any Google identity'],
  ])('names %j as people do', (principal, name) => {
    expect(told(null, document(allow(principal)))).toEqual([`+ ${name} can now assume this role`]);
  });

  it.each<[Json, string]>([
    ['repo:org/app:*', 'GitHub Actions of org/app, any branch,'],
    ['repo:org/app:ref:refs/heads/main', 'GitHub Actions of org/app, branch main,'],
    ['repo:org/app:environment:prod', 'GitHub Actions of org/app, environment prod,'],
    ['repo:org/app:pull_request', 'GitHub Actions of org/app, any pull request,'],
    ['repo:org/*', 'GitHub Actions of any repository of org, any branch,'],
  ])('names the workflows of %s', (subject, name) => {
    expect(told(null, document(fromGithub(subject)))).toEqual([`+ ${name} can now assume this role`]);
  });

  it('lists conditions by operator and key, even with odd names', () => {
    const odd = '{"constructor":{"__proto__":"v"}}';
    const policy = JSON.stringify(document(allow(account, { odd: 1 }))).replace('{"odd":1}', odd);
    const { gained } = explainAccess(null, policy, { kind: 'trust' });
    expect(JSON.stringify(gained[0]?.conditions)).toBe('{"constructor":{"__proto__":["v"]}}');
  });

  it('is cut short, and says so, where no person would read it', () => {
    const many = Array.from({ length: 2000 }, (_, index) =>
      allow({ AWS: `arn:aws:iam::123456789012:role/r${index}` }),
    );
    const { gained } = explainAccess(null, document(...many), { kind: 'trust' });
    expect(gained).toHaveLength(501);
    expect(gained.at(-1)?.text).toBe('and at least 1500 more differences of this kind');
  });
});

describe('what an identity policy gained or lost', () => {
  it.each<[string, JsonObject | null, JsonObject, string[]]>([
    [
      'everything',
      null,
      document(grant('*', '*')),
      ['+ this role can now do every action on every resource'],
    ],
    [
      'one action more',
      document(grant('s3:GetObject', 'arn:aws:s3:::b/*')),
      document(grant(['s3:getobject', 's3:PutObject'], 'arn:aws:s3:::b/*')),
      ['+ this role can now do s3:PutObject on arn:aws:s3:::b/*'],
    ],
    [
      'a wider resource',
      document(grant('s3:GetObject', 'arn:aws:s3:::b/x')),
      document(grant('s3:GetObject', 'arn:aws:s3:::b/*')),
      ['+ this role can now do s3:GetObject on arn:aws:s3:::b/*'],
    ],
    [
      'all but some',
      document(grant('s3:GetObject', '*')),
      document({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
      ['+ this role can now do every action except iam:* on every resource'],
    ],
    [
      'all but some, and one of those',
      document(grant('s3:GetObject', '*')),
      document({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }, grant('iam:GetUser', '*')),
      [
        '+ this role can now do iam:GetUser on every resource',
        '+ this role can now do every action except iam:* on every resource',
      ],
    ],
    [
      'a Deny removed beneath an Allow',
      document(grant('s3:*', '*'), grant('s3:DeleteObject', '*', { Effect: 'Deny' })),
      document(grant('s3:*', '*')),
      ['+ this role can now do s3:DeleteObject on every resource'],
    ],
  ])('with %s', (_, expected, actual, sentences) => {
    expect(told(expected, actual, 'identity')).toEqual(sentences);
  });

  it('tells a variable from the same text under the older version, which has none', () => {
    const statement = grant('s3:GetObject', 'arn:aws:s3:::b/${aws:username}');
    const { gained, lost } = explainAccess({ Statement: [statement] }, document(statement), {
      kind: 'identity',
    });
    expect([gained.length, lost.length]).toEqual([1, 1]);
    expect(gained[0]?.resource).toBe('arn:aws:s3:::b/${aws:username}');
  });
});

describe('isUniqueId', () => {
  it('knows the ids of roles and users', () => {
    expect(['AROAEXAMPLEEXAMPLE123', 'AIDAEXAMPLEEXAMPLE123'].every(isUniqueId)).toBe(true);
    expect(
      ['AKIAEXAMPLEEXAMPLE123', 'arn:aws:iam::1:role/AROAEXAMPLEEXAMPLE123', 'AROA', ''].some(isUniqueId),
    ).toBe(false);
  });
});
