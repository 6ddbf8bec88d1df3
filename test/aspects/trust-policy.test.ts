import { trustPolicy } from '../../shared/aspects/trust-policy.ts';
import type { JsonObject } from '../../shared/model.ts';
import { describeAspect, type Tampering } from '../support/aspect-contract.ts';

const statement = (more: JsonObject): JsonObject => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...more });
const trusting = (...Statement: readonly JsonObject[]): JsonObject => ({ Version: '2012-10-17', Statement });
const put =
  (document: JsonObject): Tampering =>
  (account) => {
    const requestParameters = { roleName: 'app', policyDocument: JSON.stringify(document) };
    const { refusal } = account.apply({ eventName: 'UpdateAssumeRolePolicy', requestParameters });
    if (refusal !== null) throw new Error(refusal);
  };

const ec2 = statement({ Principal: { Service: 'ec2.amazonaws.com' } });
const partner = statement({
  Principal: { AWS: '999988887777' },
  Condition: { StringEquals: { 'sts:ExternalId': 'abc' }, Bool: { 'aws:MultiFactorAuthPresent': true } },
});
const declared = trusting(ec2, partner);

describeAspect(trustPolicy, {
  declared,
  inSync: put(declared),
  drifted: {
    'another account added': put(trusting(ec2, partner, statement({ Principal: { AWS: '444455556666' } }))),
    'anyone added': put(trusting(ec2, partner, statement({ Principal: { AWS: '*' } }))),
    'the external id dropped': put(
      trusting(ec2, { ...partner, Condition: { Bool: { 'aws:MultiFactorAuthPresent': true } } }),
    ),
    'a service removed': put(trusting(partner)),
    'one service for another': put(
      trusting(statement({ Principal: { Service: 'lambda.amazonaws.com' } }), partner),
    ),
    'an action added': put(trusting({ ...ec2, Action: ['sts:AssumeRole', 'sts:TagSession'] }, partner)),
  },
  equivalents: {
    'order, scalars and lists': put({
      Statement: [partner, { ...ec2, Action: ['sts:AssumeRole'] }],
      Version: '2012-10-17',
    }),
    'a Sid': put(trusting({ ...ec2, Sid: 'Anything' }, partner)),
    'the account as its root': put(
      trusting(ec2, { ...partner, Principal: { AWS: ['arn:aws:iam::999988887777:root'] } }),
    ),
    'case of actions and condition keys': put(
      trusting(
        { ...ec2, Action: 'STS:assumerole' },
        {
          ...partner,
          Condition: {
            StringEquals: { 'STS:externalid': ['abc'] },
            Bool: { 'AWS:multifactorauthpresent': 'true' },
          },
        },
      ),
    ),
  },
});
