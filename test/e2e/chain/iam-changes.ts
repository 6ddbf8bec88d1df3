import {
  AttachRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import * as z from 'zod/mini';

import type { Json, JsonObject } from '../../../shared/model.ts';

/** A call that somebody makes, and what CloudTrail writes of it. */
export interface IamChange {
  readonly eventName: string;
  readonly requestParameters: JsonObject;
  readonly send: (iam: IAMClient) => Promise<unknown>;
}

export function attach(roleName: string, policyArn: string): IamChange {
  return {
    eventName: 'AttachRolePolicy',
    requestParameters: { roleName, policyArn },
    send: (iam) => iam.send(new AttachRolePolicyCommand({ RoleName: roleName, PolicyArn: policyArn })),
  };
}

export function detach(roleName: string, policyArn: string): IamChange {
  return {
    eventName: 'DetachRolePolicy',
    requestParameters: { roleName, policyArn },
    send: (iam) => iam.send(new DetachRolePolicyCommand({ RoleName: roleName, PolicyArn: policyArn })),
  };
}

export function putTrust(roleName: string, document: Json): IamChange {
  const policyDocument = JSON.stringify(document);
  return {
    eventName: 'UpdateAssumeRolePolicy',
    requestParameters: { roleName, policyDocument },
    send: (iam) =>
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: roleName, PolicyDocument: policyDocument })),
  };
}

export function putInlinePolicy(roleName: string, policyName: string, document: Json): IamChange {
  const policyDocument = JSON.stringify(document);
  return {
    eventName: 'PutRolePolicy',
    requestParameters: { roleName, policyName, policyDocument },
    send: (iam) =>
      iam.send(
        new PutRolePolicyCommand({
          RoleName: roleName,
          PolicyName: policyName,
          PolicyDocument: policyDocument,
        }),
      ),
  };
}

/** The role as IAM shows it now. */
export async function roleNow(
  iam: IAMClient,
  RoleName: string,
): Promise<{ readonly trustPolicy: Json; readonly attached: readonly string[] }> {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  return {
    trustPolicy: z.parse(z.json(), JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? 'null'))),
    attached: AttachedPolicies.map(({ PolicyArn }) => PolicyArn ?? '').sort(),
  };
}
