import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  GetRoleCommand,
  type IAMClient,
  PutRolePermissionsBoundaryCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { EmbeddedAccount } from '../../shared/embedded-account/account.ts';
import { startEmbeddedAccount } from '../../shared/embedded-account/server.ts';
import type { JsonObject } from '../../shared/model.ts';
import { clientOf } from '../support/iam-client.ts';
import { ACCOUNT_ID } from './moto/account.ts';
import { emptyAccount } from './moto/aws.ts';

/** Where the embedded account and moto disagree, what each answers, and what decides that the embedded account is right. */
interface Disagreement {
  readonly what: string;
  readonly call: (iam: IAMClient, RoleName: string) => Promise<unknown>;
  readonly embedded: string;
  readonly moto: string;
  readonly decidedBy: string;
}

const done = 'done';
const malformed = 'MalformedPolicyDocumentException';
const reference = 'https://docs.aws.amazon.com/IAM/latest/APIReference';
const guide = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';

const statement = {
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
};

function putTrust(changed: JsonObject, version: JsonObject = { Version: '2012-10-17' }) {
  const PolicyDocument = JSON.stringify({ ...version, Statement: [{ ...statement, ...changed }] });
  return (iam: IAMClient, RoleName: string) =>
    iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
}

function withoutPrincipal(changed: JsonObject) {
  const { Principal: _, ...rest } = statement;
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...rest, ...changed }] });
  return (iam: IAMClient, RoleName: string) =>
    iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
}

const accountIds = Array.from({ length: 200 }, (_, index) => String(100_000_000_000 + index));
const elevenPolicies = [
  'AmazonEC2FullAccess',
  'AmazonECS_FullAccess',
  'AmazonRDSFullAccess',
  'AmazonS3FullAccess',
  'AmazonSNSFullAccess',
  'AmazonSQSFullAccess',
  'AmazonVPCFullAccess',
  'IAMFullAccess',
  'PowerUserAccess',
  'ReadOnlyAccess',
  'SecurityAudit',
];

/** THE LIST; docs/end-to-end.md points here. */
const disagreements: readonly Disagreement[] = [
  {
    what: 'a role is found whatever the case of its name',
    call: (iam, RoleName) => iam.send(new GetRoleCommand({ RoleName: RoleName.toUpperCase() })),
    embedded: done,
    moto: 'NoSuchEntityException',
    decidedBy: `${reference}/API_CreateRole.html (names are not distinguished by case)`,
  },
  {
    what: 'two roles may not differ in case only',
    call: (iam, RoleName) =>
      iam.send(
        new CreateRoleCommand({
          RoleName: RoleName.toUpperCase(),
          AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
        }),
      ),
    embedded: 'EntityAlreadyExistsException',
    moto: done,
    decidedBy: `${reference}/API_CreateRole.html`,
  },
  {
    what: 'names of actions ignore case',
    call: putTrust({ Action: 'sts:assumerole' }),
    embedded: done,
    moto: malformed,
    decidedBy: `${guide}/reference_policies_elements_action.html`,
  },
  {
    what: 'a policy may leave out its version',
    call: putTrust({}, {}),
    embedded: done,
    moto: malformed,
    decidedBy: `${guide}/reference_policies_elements_version.html`,
  },
  {
    what: 'a trust policy may not use NotPrincipal',
    call: withoutPrincipal({ Effect: 'Deny', NotPrincipal: { AWS: `arn:aws:iam::${ACCOUNT_ID}:root` } }),
    embedded: malformed,
    moto: done,
    decidedBy: `${guide}/reference_policies_elements_notprincipal.html`,
  },
  {
    what: 'a trust policy must name a principal',
    call: withoutPrincipal({}),
    embedded: malformed,
    moto: done,
    decidedBy: `${guide}/reference_policies_elements_principal.html`,
  },
  {
    what: 'a bare star is no principal of a trust policy',
    call: putTrust({ Principal: '*' }),
    embedded: malformed,
    moto: done,
    decidedBy: 'https://github.com/aws/aws-cdk/issues/5732 (IAM’s answer; the documentation is silent)',
  },
  {
    what: 'a principal of the account must exist',
    call: putTrust({ Principal: { AWS: `arn:aws:iam::${ACCOUNT_ID}:role/gone` } }),
    embedded: malformed,
    moto: done,
    decidedBy: 'https://repost.aws/knowledge-center/iam-trust-policy-error',
  },
  {
    what: 'a trust policy has 2048 characters at most',
    call: putTrust({ Principal: { AWS: accountIds } }),
    embedded: 'LimitExceededException',
    moto: done,
    decidedBy: `${guide}/reference_iam-quotas.html`,
  },
  {
    what: 'a role has ten managed policies at most',
    call: async (iam, RoleName) => {
      for (const name of elevenPolicies)
        await iam.send(
          new AttachRolePolicyCommand({ RoleName, PolicyArn: `arn:aws:iam::aws:policy/${name}` }),
        );
    },
    embedded: 'LimitExceededException',
    moto: done,
    decidedBy: `${guide}/reference_iam-quotas.html`,
  },
  {
    what: 'a session lasts an hour at least',
    call: (iam, RoleName) => iam.send(new UpdateRoleCommand({ RoleName, MaxSessionDuration: 60 })),
    embedded: 'ValidationError',
    moto: done,
    decidedBy: `${reference}/API_UpdateRole.html`,
  },
  {
    what: 'a role’s name holds no space',
    call: (iam) =>
      iam.send(
        new CreateRoleCommand({
          RoleName: 'a b',
          AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
        }),
      ),
    embedded: 'ValidationError',
    moto: done,
    decidedBy: `${reference}/API_CreateRole.html`,
  },
  {
    what: 'the policy of a service-linked role cannot be attached to another',
    call: (iam, RoleName) =>
      iam.send(
        new AttachRolePolicyCommand({
          RoleName,
          PolicyArn: 'arn:aws:iam::aws:policy/aws-service-role/AmazonEKSServiceRolePolicy',
        }),
      ),
    embedded: 'PolicyNotAttachableException',
    moto: done,
    decidedBy: `${reference}/API_AttachRolePolicy.html`,
  },
  {
    what: 'a boundary must exist',
    call: (iam, RoleName) =>
      iam.send(
        new PutRolePermissionsBoundaryCommand({
          RoleName,
          PermissionsBoundary: `arn:aws:iam::${ACCOUNT_ID}:policy/gone`,
        }),
      ),
    embedded: 'NoSuchEntityException',
    moto: done,
    decidedBy: `${reference}/API_PutRolePermissionsBoundary.html`,
  },
  {
    what: 'an attached policy cannot be deleted',
    call: async (iam, RoleName) => {
      const PolicyDocument = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
      });
      const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'attached', PolicyDocument }));
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy?.Arn }));
      await iam.send(new DeletePolicyCommand({ PolicyArn: Policy?.Arn }));
    },
    embedded: 'DeleteConflictException',
    moto: done,
    decidedBy: `${reference}/API_DeletePolicy.html`,
  },
];

describe('where the embedded account and moto disagree', () => {
  let account: EmbeddedAccount;
  let embedded: IAMClient;
  let moto: IAMClient;
  let serial = 0;

  beforeAll(async () => {
    account = await startEmbeddedAccount({ accountId: ACCOUNT_ID });
    embedded = clientOf(account.endpoint);
    moto = clientOf((await emptyAccount()).endpoint);
  });

  afterAll(async () => {
    embedded.destroy();
    moto.destroy();
    await account.close();
  });

  it.each(disagreements.map((one) => [one.what, one.decidedBy, one] as const))(
    '%s (%s)',
    async (_what, _decidedBy, { call, ...expected }) => {
      serial += 1;
      const roleName = `role-${serial}`;
      expect({
        embedded: await outcome(embedded, roleName, call),
        moto: await outcome(moto, roleName, call),
      }).toEqual({ embedded: expected.embedded, moto: expected.moto });
    },
  );
});

async function outcome(iam: IAMClient, RoleName: string, call: Disagreement['call']): Promise<string> {
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  try {
    await call(iam, RoleName);
    return done;
  } catch (error) {
    if (error instanceof Error) return error.name;
    throw error;
  }
}
