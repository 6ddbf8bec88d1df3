import * as z from 'zod/mini';

/** The ARN of a managed policy, as a spec writes it: with variables or without. */
export const policyArn = z
  .string()
  .check(
    z.regex(
      /^arn:(?:\$\{AWS::Partition\}|aws[a-z-]*):iam::(?:\$\{AWS::AccountId\}|aws|\d{12}):policy\/[\w+=,.@/-]+$/,
      'must be the ARN of a managed policy, such as arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess',
    ),
  );

/** The last part of an ARN: policy names are unique in an account, whatever their path. */
export function policyNameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
