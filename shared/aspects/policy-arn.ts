import { ACCOUNT_ID } from '../policy/account-id.ts';

/** The ARN of a managed policy, as a spec writes it, with variables or without; for a regular expression. */
export const policyArnPattern = `arn:(?:\\$\\{AWS::Partition\\}|aws[a-z-]*):iam::(?:\\$\\{AWS::AccountId\\}|aws|${ACCOUNT_ID}):policy\\/[\\w+=,.@/-]+`;

/** The last part of an ARN: policy names are unique in an account, whatever their path. */
export function policyNameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
