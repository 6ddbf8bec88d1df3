import * as z from 'zod/mini';

import { ACCOUNT_ID } from '../policy/account-id.ts';
import { policyFaults } from '../policy/faults.ts';
import type { DeclarationFault } from './definition.ts';
import { jsonObject } from './json-schema.ts';
import type { Association, Cluster } from './pod-identity-reads.ts';

const text = (pattern: RegExp, rule: string) => z.string().check(z.regex(pattern, rule));

const roleArn = text(
  new RegExp(
    `^arn:(?:\\$\\{AWS::Partition\\}|aws[a-z-]*):iam::(?:\\$\\{AWS::AccountId\\}|${ACCOUNT_ID}):role\\/[\\w+=,.@/-]+$`,
  ),
  'must be the ARN of a role',
);

// https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html; names as Kubernetes has them.
const association = z.strictObject({
  cluster: text(/^[0-9A-Za-z][\w-]{0,99}$/, 'must be the name of an EKS cluster, not its ARN'),
  namespace: text(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'must be the name of a Kubernetes namespace'),
  serviceAccount: text(
    /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/,
    'must be the name of a Kubernetes service account',
  ),
  region: z.exactOptional(
    text(/^[a-z]{2,}(?:-[a-z]+)+-\d+$/, 'must be the name of a region, such as eu-west-1').check(
      z.describe('The cluster’s region. Left out: the region in which this product runs.'),
    ),
  ),
  targetRoleArn: z.exactOptional(
    roleArn.check(z.describe('The role that pods get through this one. Left out: there must be none.')),
  ),
  disableSessionTags: z.exactOptional(z.boolean()),
  policy: z.exactOptional(
    jsonObject.check(z.describe('The session policy that narrows the role. Left out: there must be none.')),
  ),
  externalId: z.exactOptional(
    text(/^\S{1,1224}$/, 'must be the external id that EKS chose').check(
      z.describe(
        'The external id that the target role’s trust policy asks for; EKS chooses it, so it is only watched.',
      ),
    ),
  ),
});

export const associationsSchema = z.array(association);

export type DeclaredAssociation = z.infer<typeof association>;

/** Which service account it is, as people write it: `my-cluster/default/my-service-account`. */
export function placeOf({
  region,
  cluster,
  namespace,
  serviceAccount,
}: Pick<Association, 'cluster' | 'namespace' | 'serviceAccount'> & {
  readonly region?: string | null;
}): string {
  const prefix = region === undefined || region === null ? '' : `${region}:`;
  return `${prefix}${cluster}/${namespace}/${serviceAccount}`;
}

/** Each declared cluster once. */
export function clustersOf(declared: readonly DeclaredAssociation[]): readonly Cluster[] {
  const clusters = declared.map(({ cluster, region = null }) => ({ cluster, region }));
  return [...new Map(clusters.map((one) => [JSON.stringify(one), one])).values()];
}

/** What EKS would refuse. */
export function associationFaults(declared: readonly DeclaredAssociation[]): readonly DeclarationFault[] {
  const seen = new Set<string>();
  return declared.flatMap((one, index) => {
    const faults: DeclarationFault[] = [];
    const { policy, disableSessionTags, externalId, targetRoleArn } = one;
    if (seen.has(placeOf(one)))
      faults.push({
        path: [index],
        message: `${placeOf(one)} is declared twice`,
        remedy: 'remove one of the two',
      });
    seen.add(placeOf(one));
    if (policy !== undefined) {
      faults.push(
        ...policyFaults(policy, 'identity').map((fault) => ({
          path: [index, 'policy', ...fault.path],
          message: fault.message,
          remedy: fault.remedy,
        })),
      );
      if (disableSessionTags !== true)
        faults.push({
          path: [index, 'policy'],
          message: 'EKS takes a policy only together with disableSessionTags: true',
          remedy: 'add it, or give the role itself less',
        });
    }
    if (externalId !== undefined && targetRoleArn === undefined)
      faults.push({
        path: [index, 'externalId'],
        message: 'EKS has an external id only where there is a target role',
        remedy: 'declare targetRoleArn, or remove it',
      });
    return faults;
  });
}
