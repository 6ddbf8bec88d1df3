import { ACCOUNT_ID } from '../../shared/policy/account-id.ts';
import { UsageError } from './usage-error.ts';

/** A role as people name it: by its name, or by its ARN, which says where it is. */
export interface RoleArgument {
  readonly roleName: string;
  /** null where only the name was given. */
  readonly accountId: string | null;
  readonly partition: string | null;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names */
const NAME = /^[\w+=,.@-]{1,64}$/;
const ARN = new RegExp(String.raw`^arn:([\w-]+):iam::(${ACCOUNT_ID}):role/(?:[!-~]+/)?([\w+=,.@-]{1,64})$`);

/** @throws {UsageError} for what can be no role's name: what is said of it would reach no role. */
export function roleArgument(text: string): RoleArgument {
  const [, partition = null, accountId = null, ofArn] = ARN.exec(text) ?? [];
  const roleName = ofArn ?? text;
  if (NAME.test(roleName)) return { roleName, accountId, partition };
  throw new UsageError(`"${text}" ${whatIsWrong(text)}`);
}

function whatIsWrong(text: string): string {
  if (text.startsWith('arn:'))
    return "is the ARN of no role: write the role's name, or arn:aws:iam::111122223333:role/my-role";
  const last = text.slice(text.lastIndexOf('/') + 1);
  if (last !== text && NAME.test(last)) return `is no role's name, which has no path: write ${last}`;
  return text.length > 64
    ? `is no role's name: it has ${text.length} characters, and names have at most 64`
    : "is no role's name: names have letters, digits and + = , . @ _ - only";
}
