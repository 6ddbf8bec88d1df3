import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import * as z from 'zod/mini';

import type { PolicyStatement } from '../../../shared/permissions/statement.ts';

const texts = z.pipe(
  z.union([z.string(), z.array(z.string())]),
  z.transform((value) => [value].flat()),
);
const document = z.object({
  Statement: z.array(
    z.strictObject({
      Sid: z.string(),
      Effect: z.enum(['Allow', 'Deny']),
      Action: texts,
      Resource: texts,
      Condition: z.exactOptional(z.record(z.string(), z.record(z.string(), texts))),
    }),
  ),
});

/** All that a role's policies say, as IAM shows them now. */
export async function deployedStatements(
  iam: IAMClient,
  RoleName: string,
): Promise<readonly PolicyStatement[]> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  const documents = await Promise.all([
    ...PolicyNames.map(async (PolicyName) => {
      const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return PolicyDocument;
    }),
    ...AttachedPolicies.map(({ PolicyArn }) => defaultVersion(iam, PolicyArn)),
  ]);
  return documents.flatMap(
    (encoded = '') => z.parse(document, JSON.parse(decodeURIComponent(encoded))).Statement,
  );
}

async function defaultVersion(iam: IAMClient, PolicyArn: string | undefined): Promise<string | undefined> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
  );
  return PolicyVersion?.Document;
}
