import { ACCOUNT_ID } from '../../shared/policy/account-id.ts';
import type { Io } from './io.ts';
import { readJsonFile } from './read-input.ts';
import { UsageError } from './usage-error.ts';

/** A saved account: the output of `aws iam get-account-authorization-details`. */
export interface AuthorizationDetails {
  readonly accountId: string;
  readonly details: unknown;
}

/** The saved account in a file; null where no file is named. @throws {UsageError} for a file that holds something else. */
export async function readAuthorizationDetails(
  io: Io,
  file: string | null,
): Promise<AuthorizationDetails | null> {
  if (file === null) return null;
  const details = await readJsonFile(io, file);
  const accountId = accountIdIn(details);
  if (accountId !== null) return { accountId, details };
  throw new UsageError(`${file}: holds no account as "aws iam get-account-authorization-details" prints it`);
}

/** The account of the first role, user, group or policy of its own. */
function accountIdIn(details: unknown): string | null {
  const lists: readonly unknown[] =
    typeof details === 'object' && details !== null ? Object.values(details) : [];
  for (const list of lists) {
    const id = Array.isArray(list) ? list.map(accountIdOf).find((found) => found !== null) : undefined;
    if (id !== undefined && id !== null) return id;
  }
  return null;
}

const OWN_ARN = new RegExp(`^arn:[^:]+:iam::(${ACCOUNT_ID}):`);

function accountIdOf(entity: unknown): string | null {
  const arn = typeof entity === 'object' && entity !== null && 'Arn' in entity ? entity.Arn : null;
  return typeof arn === 'string' ? (OWN_ARN.exec(arn)?.[1] ?? null) : null;
}
