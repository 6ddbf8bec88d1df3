import * as z from 'zod/mini';

/** One value or a list of at least one. */
export function oneOrMore<Item>(item: z.ZodMiniType<Item>) {
  return z.union([item, z.array(item).check(z.minLength(1, 'must name at least one'))]);
}

/** A name in Kubernetes, or of an EKS cluster: the wider of the two grammars. */
export const kubernetesName = z
  .string()
  .check(
    z.regex(
      /^[0-9A-Za-z][0-9A-Za-z_.-]{0,252}$/,
      'must be a name of letters, digits, dots, hyphens and underscores',
    ),
  );

// A variable, or what it stands for.
const PARTITION = String.raw`(?:\$\{AWS::Partition\}|aws[a-z-]*)`;
const ACCOUNT = String.raw`(?:\$\{AWS::AccountId\}|\d{12})`;

function arn(pattern: string, message: string) {
  return z.string().check(z.regex(new RegExp(`^arn:${PARTITION}:${pattern}$`), message));
}

const REGION = String.raw`(?:[a-z]{2,}(?:-[a-z]+)+-\d+|\*)`;

export const region = z
  .string()
  .check(z.regex(new RegExp(`^${REGION}$`), 'must be a Region, such as us-east-1, or * for all'));

export const clusterArn = arn(
  String.raw`eks:[a-z\d-]+:${ACCOUNT}:cluster/[\w-]+`,
  'must be the ARN of an EKS cluster, such as arn:${AWS::Partition}:eks:us-east-1:${AWS::AccountId}:cluster/my-cluster',
);

export const fargateProfileArn = arn(
  String.raw`eks:[a-z\d*-]+:${ACCOUNT}:fargateprofile/[\w*?/-]+`,
  'must be the ARN of Fargate profiles, such as arn:${AWS::Partition}:eks:us-east-1:${AWS::AccountId}:fargateprofile/my-cluster/*',
);

export const managedPolicyArn = arn(
  String.raw`iam::(?:${ACCOUNT}|aws):policy/[\w+=,.@/-]+`,
  'must be the ARN of a managed policy, such as arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/my-policy',
);

export const computeEnvironmentArn = arn(
  String.raw`batch:${REGION}:${ACCOUNT}:compute-environment/[\w*-]+`,
  'must be the ARN of AWS Batch compute environments, such as arn:${AWS::Partition}:batch:us-east-1:${AWS::AccountId}:compute-environment/my-environment',
);

/** For roles of which AWS's guide names the policies: what the customer adds. */
export const furtherPolicies = z.exactOptional(
  z.array(managedPolicyArn).check(z.describe('Further managed policies that have to be attached, by ARN.')),
);

/** A policy document, as the spec writes one; what stands in it is the aspect's to judge. */
export const policyDocument = z.record(z.string(), z.json());

/** For roles whose policies are the customer's own. */
export const ownPolicies = z.exactOptional(
  z
    .array(z.union([managedPolicyArn, z.strictObject({ arn: managedPolicyArn, document: policyDocument })]))
    .check(
      z.describe(
        'The role’s managed policies, by ARN, each with the document that its default version must mean, if you like. Left out, attachments are not compared unless the role says managedPolicies.',
      ),
    ),
);
