/** Operator → key → values, as in a policy document. */
export type Condition = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** One statement of an IAM policy, in the form that a policy document takes. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Condition;
}

/** Some actions on one resource: the raw material of statements. */
export interface Permission {
  readonly resource: string;
  readonly actions: readonly string[];
  readonly condition: Condition | null;
}

/**
 * Few statements that say the same: resources under the same condition share one where their actions are equal.
 * Nothing is widened: actions and resources that did not belong together are never joined.
 */
export function joinPermissions(
  Effect: PolicyStatement['Effect'],
  Sid: string,
  permissions: readonly Permission[],
): readonly PolicyStatement[] {
  const perResource = groupBy(permissions, ({ resource, condition }) => [resource, condition]).map(
    ([first, ...others]) => ({
      ...first,
      actions: sortedUnique([first, ...others].flatMap(({ actions }) => actions)),
    }),
  );
  const groups = groupBy(perResource, ({ actions, condition }) => [actions, condition]);
  return groups.map(([first, ...others], index) => ({
    Sid: groups.length > 1 ? `${Sid}${index + 1}` : Sid,
    Effect,
    Action: first.actions,
    Resource: sortedUnique([first, ...others].map(({ resource }) => resource)),
    ...(first.condition === null ? {} : { Condition: first.condition }),
  }));
}

type NonEmpty<Item> = [Item, ...Item[]];

/** Groups in the order of their first items. */
function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => unknown): NonEmpty<Item>[] {
  const groups = new Map<string, NonEmpty<Item>>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function sortedUnique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
