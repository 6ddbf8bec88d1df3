/**
 * The accounts that an output of `aws iam get-account-authorization-details` tells of, by the ARNs in it.
 * Empty for anything else.
 */
export function accountIdsIn(details: unknown): ReadonlySet<string> {
  const lists: readonly unknown[] =
    typeof details === 'object' && details !== null ? Object.values(details) : [];
  const ids = lists.flatMap((list) => (Array.isArray(list) ? list.map(accountIdOf) : []));
  return new Set(ids.filter((id) => id !== null));
}

function accountIdOf(entity: unknown): string | null {
  const arn = typeof entity === 'object' && entity !== null && 'Arn' in entity ? entity.Arn : null;
  return typeof arn === 'string' ? (/^arn:[^:]+:iam::(\d{12}):/.exec(arn)?.[1] ?? null) : null;
}
