import type { PolicyStatement } from '../../shared/permissions/statement.ts';

/** One call, as IAM sees it. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/**
 * IAM's answer for identity-based policies: an explicit Deny wins, else some Allow is needed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function isAllowed(statements: readonly PolicyStatement[], call: Call): boolean {
  const applying = statements.filter((statement) => applies(statement, call));
  return (
    applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny')
  );
}

function applies(statement: PolicyStatement, { action, resource, context = {} }: Call): boolean {
  return (
    // Names of actions ignore case, ARNs do not.
    statement.Action.some((pattern) => isLike(pattern.toLowerCase(), action.toLowerCase())) &&
    statement.Resource.some((pattern) => isLikeArn(pattern, resource)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, valueOf(context, key), values)),
    )
  );
}

/** Names of condition keys ignore case. */
function valueOf(context: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

// A key that the call lacks fails what asks for a value, and fulfils what asks for another one.
function holds(operator: string, actual: string | undefined, values: readonly string[]): boolean {
  const some = (test: (pattern: string, text: string) => boolean) =>
    actual !== undefined && values.some((value) => test(value, actual));
  switch (operator) {
    case 'StringEquals':
      return some((value, text) => value === text);
    case 'StringNotEquals':
      return !some((value, text) => value === text);
    case 'StringLike':
      return some(isLike);
    // Every value must match; a call without the key has none.
    case 'ForAllValues:StringLike':
      return actual === undefined || some(isLike);
    case 'StringNotLike':
      return !some(isLike);
    case 'BoolIfExists':
      return actual === undefined || some((value, text) => value === text);
    case 'ArnEquals':
    case 'ArnLike':
      return some(isLikeArn);
    case 'ArnNotEquals':
    case 'ArnNotLike':
      return !some(isLikeArn);
    default:
      throw new Error(`the evaluator does not know the condition operator ${operator}`);
  }
}

// Each of the six parts of an ARN is compared for itself: a wildcard does not reach over a colon.
function isLikeArn(pattern: string, arn: string): boolean {
  const parts = partsOf(pattern);
  const actual = partsOf(arn);
  return (
    pattern === '*' ||
    (parts.length === actual.length && parts.every((part, index) => isLike(part, actual[index] ?? '')))
  );
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function isLike(pattern: string, text: string): boolean {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(text);
}
