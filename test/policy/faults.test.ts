import { describe, expect, it } from 'vitest';

import type { Json, JsonObject } from '../../shared/model.ts';
import { policyFaults } from '../../shared/policy/faults.ts';

const good: JsonObject = {
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
};
const trust = (change: JsonObject) => ({ Version: '2012-10-17', Statement: [{ ...good, ...change }] });
const identity = (change: JsonObject) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...change }],
});
const github = { Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com' };
const first = (document: Json, kind: 'trust' | 'identity') => {
  const [fault] = policyFaults(document, kind);
  return [fault?.path.join('.'), fault?.iamMessage];
};
const web = 'sts:AssumeRoleWithWebIdentity';
const subject = (value: Json) => ({ StringLike: { 'token.actions.githubusercontent.com:SUB': value } });

describe('policyFaults of a trust policy', () => {
  it.each<[string, JsonObject]>([
    ['plain', {}],
    [
      'several actions, in any case',
      { Action: ['STS:assumerole', 'sts:TagSession', 'sts:SetSourceIdentity'] },
    ],
    ['an account id', { Principal: { AWS: '123456789012' } }],
    ['a deleted principal', { Principal: { AWS: 'AROAEXAMPLEEXAMPLE123' } }],
    ['everybody', { Principal: { AWS: '*' } }],
    [
      'variables',
      {
        Principal: {
          AWS: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/a',
          Service: 'ec2.${AWS::URLSuffix}',
        },
      },
    ],
    ['a session', { Principal: { AWS: 'arn:aws:sts::123456789012:assumed-role/a/b' } }],
    ['GitHub, one organisation', { Principal: github, Action: web, Condition: subject('repo:org/*') }],
    ['GitHub, denied', { Effect: 'Deny', Principal: github, Action: web }],
    ['a Sid with blanks', { Sid: 'Let EC2 in' }],
    ['the older version', {}],
  ])('finds none with %s', (_, change) => {
    expect(policyFaults(trust(change), 'trust')).toEqual([]);
  });

  it.each<[string, Json, string, string]>([
    ['Resource', trust({ Resource: '*' }), 'Statement.0.Resource', 'Has prohibited field Resource'],
    [
      'a bare star',
      trust({ Principal: '*' }),
      'Statement.0.Principal',
      'AssumeRolepolicy contained an invalid principal: "STAR":"*"',
    ],
    [
      'no Principal',
      { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole' } },
      'Statement',
      'Missing required field Principal',
    ],
    [
      'an empty Principal',
      trust({ Principal: {} }),
      'Statement.0.Principal',
      'Missing required field Principal cannot be empty!',
    ],
    [
      'NotPrincipal',
      trust({ NotPrincipal: '*' }),
      'Statement.0.NotPrincipal',
      'AssumeRole policy must not contain NotPrincipal field.',
    ],
    [
      'every STS action',
      trust({ Action: 'sts:*' }),
      'Statement.0.Action',
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    [
      'another service',
      trust({ Action: ['sts:AssumeRole', 's3:*'] }),
      'Statement.0.Action.1',
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    [
      'an unquoted account',
      trust({ Principal: { AWS: 12345678901 } }),
      'Statement.0.Principal.AWS',
      'Invalid principal in policy: "AWS":"12345678901"',
    ],
    [
      'roles by pattern',
      trust({ Principal: { AWS: ['arn:aws:iam::123456789012:role/*'] } }),
      'Statement.0.Principal.AWS.0',
      'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/*"',
    ],
    [
      'a group',
      trust({ Principal: { AWS: 'arn:aws:iam::123456789012:group/g' } }),
      'Statement.0.Principal.AWS',
      'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:group/g"',
    ],
    [
      'an unknown provider',
      trust({ Principal: { Federated: 'example.com' } }),
      'Statement.0.Principal.Federated',
      'Federated principals must be valid domain names or SAML metadata ARNs',
    ],
    ['an unknown element', trust({ Comment: 'x' }), 'Statement.0.Comment', 'Unknown field Comment'],
    ['an effect in lower case', trust({ Effect: 'allow' }), 'Statement.0.Effect', 'Invalid effect: allow'],
    [
      'no such version',
      { ...trust({}), Version: '2012-06-17' },
      'Version',
      'The policy must contain a valid version string',
    ],
    [
      'no statement',
      { Version: '2012-10-17', Statement: [] },
      'Statement',
      'Could not parse the policy: Statement is empty!',
    ],
    [
      'an unknown operator',
      trust({ Condition: { StringEqualz: { 'aws:a': 'b' } } }),
      'Statement.0.Condition.StringEqualz',
      'Invalid Condition type : StringEqualz.',
    ],
    [
      'Cognito without condition',
      trust({ Principal: { Federated: 'cognito-identity.amazonaws.com' }, Action: web }),
      'Statement.0',
      'A condition block must be present for the Cognito provider',
    ],
    [
      'one Sid twice',
      {
        Statement: [
          { ...good, Sid: 'A' },
          { ...good, Sid: 'A' },
        ],
      },
      'Statement.1.Sid',
      'The Statement Ids in the policy are not unique',
    ],
    ['no object', ['x'], '', 'Syntax errors in policy.'],
  ])('finds %s, with the message of IAM', (_, document, path, message) => {
    expect(first(document, 'trust')).toEqual([path, message]);
  });

  it.each<[string, Json]>([
    ['no subject', {}],
    ['any subject', subject('*')],
    ['any among others', subject(['repo:org/*', '**'])],
    ['all but one', { StringNotLike: subject('repo:org/*').StringLike }],
  ])('finds a shared issuer with %s', (_, Condition) => {
    const [fault] = policyFaults(trust({ Principal: github, Action: web, Condition }), 'trust');
    expect(fault?.iamMessage).toContain('token.actions.githubusercontent.com:sub');
  });

  it('explains an identity policy in the place of a trust policy, and where it belongs', () => {
    const document = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'eks-auth:AssumeRoleForPodIdentity', Resource: '*' }],
    };
    const [fault] = policyFaults(document, 'trust');
    expect(fault?.remedy).toContain('this is an identity policy (what the role may do), not a trust policy');
    expect(fault?.remedy).toContain('eks-node-restricted');
  });

  it('finds what no quota allows, not counting white space', () => {
    const long = trust({
      Principal: {
        AWS: Array.from({ length: 300 }, (_, index) => `arn:aws:iam::123456789012:role/r${index}`),
      },
    });
    expect(policyFaults(long, 'trust')[0]).toMatchObject({
      iamCode: 'LimitExceeded',
      iamMessage: 'Cannot exceed quota for ACLSizePerRole: 8192',
    });
  });

  it('finds several at once', () => {
    expect(policyFaults(trust({ Resource: '*', Effect: 'x', Action: 's3:*' }), 'trust')).toHaveLength(3);
  });
});

describe('policyFaults of an identity policy', () => {
  it('finds none in a plain one', () => {
    expect(
      policyFaults(identity({ Condition: { Bool: { 'aws:SecureTransport': true } } }), 'identity'),
    ).toEqual([]);
    expect(
      policyFaults(
        identity({ Resource: 'arn:${AWS::Partition}:s3:::b/*', Action: ['*', 's3:Get*'] }),
        'identity',
      ),
    ).toEqual([]);
  });

  it.each<[string, Json, string, string]>([
    [
      'a principal',
      identity({ Principal: { AWS: '*' } }),
      'Statement.0.Principal',
      'Policy document should not specify a principal.',
    ],
    [
      'no action',
      { Statement: [{ Effect: 'Allow', Resource: '*' }] },
      'Statement.0',
      'Policy statement must contain actions.',
    ],
    [
      'no resource',
      { Statement: [{ Effect: 'Allow', Action: 'a:b' }] },
      'Statement.0',
      'Policy statement must contain resources.',
    ],
    [
      'an action without service',
      identity({ Action: 'GetObject' }),
      'Statement.0.Action',
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    ],
    [
      'two colons',
      identity({ Action: 'a:b:c' }),
      'Statement.0.Action',
      'Actions/Condition can contain only one colon.',
    ],
    [
      'a service with a blank',
      identity({ Action: 'a a:b' }),
      'Statement.0.Action',
      'Vendor a a is not valid',
    ],
    [
      'no ARN',
      identity({ Resource: 'bucket' }),
      'Statement.0.Resource',
      'Resource bucket must be in ARN format or "*".',
    ],
    [
      'both Action and NotAction',
      identity({ NotAction: 'a:b' }),
      'Statement.0.NotAction',
      'Syntax errors in policy.',
    ],
    ['an Id', { ...identity({}), Id: 'x' }, 'Id', 'Syntax errors in policy.'],
  ])('finds %s, with the message of IAM', (_, document, path, message) => {
    expect(first(document, 'identity')).toEqual([path, message]);
  });
});
