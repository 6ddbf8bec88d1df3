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
