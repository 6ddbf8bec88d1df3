import type { Json } from '../model.ts';
import { InvalidEventPatternError } from './invalid-event-pattern.ts';
import { isList } from './json.ts';

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
const LARGEST = 5e9;

/**
 * EventBridge's numeric matching: `["=", x]`, one bound, or a lower bound followed by an upper one.
 * @throws {InvalidEventPatternError} if it is none of these.
 */
export function compileNumeric(argument: Json): (value: number) => boolean {
  if (!isList(argument)) throw new InvalidEventPatternError('Value of numeric must be an array.');
  const first = bound(argument, 0);
  if (argument.length === 2) return first.accepts;
  if (!first.operator.startsWith('>'))
    throw new InvalidEventPatternError('Too many elements in numeric expression');
  const operator = argument[2];
  if (operator !== '<' && operator !== '<=')
    throw new InvalidEventPatternError(
      `Bad numeric range operator: ${typeof operator === 'string' ? operator : JSON.stringify(operator)}`,
    );
  const second = bound(argument, 2);
  if (argument.length > 4) throw new InvalidEventPatternError('Too many terms in numeric range');
  if (second.limit <= first.limit) throw new InvalidEventPatternError('Bottom must be less than top');
  return (value) => first.accepts(value) && second.accepts(value);
}

interface Bound {
  readonly operator: string;
  readonly limit: number;
  readonly accepts: (value: number) => boolean;
}

function bound(members: readonly Json[], at: number): Bound {
  const operator = members[at];
  const limit = members[at + 1];
  if (typeof operator !== 'string')
    throw new InvalidEventPatternError('Invalid member in numeric match: operator must be a string');
  if (typeof limit !== 'number') throw new InvalidEventPatternError(`Value of ${operator} must be numeric`);
  if (Math.abs(limit) > LARGEST)
    throw new InvalidEventPatternError(`Value must be between ${-LARGEST} and ${LARGEST}, inclusive`);
  return { operator, limit, accepts: comparison(operator, limit) };
}

function comparison(operator: string, limit: number): (value: number) => boolean {
  switch (operator) {
    case '=':
      return (value) => value === limit;
    case '<':
      return (value) => value < limit;
    case '<=':
      return (value) => value <= limit;
    case '>':
      return (value) => value > limit;
    case '>=':
      return (value) => value >= limit;
    default:
      throw new InvalidEventPatternError(`Unrecognized numeric range operator: ${operator}`);
  }
}
