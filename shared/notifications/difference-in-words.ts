import type { ReportedDifference } from '../model.ts';
import { named } from './escape.ts';

/** A difference as a sentence: `of the managed policies, arn:… is there, but not declared`. */
export function differenceInWords(difference: Pick<ReportedDifference, 'aspect' | 'path' | 'type'>): {
  readonly subject: string;
  /** The key within the aspect, such as a policy's ARN; null where the aspect has but one value. */
  readonly key: string | null;
  readonly verdict: string;
  readonly sentence: string;
} {
  const subject = camelCaseInWords(difference.aspect);
  const { key, member } = placeOf(difference);
  const verdict = `${member === null ? '' : `(${camelCaseInWords(member)}) `}${verdicts[difference.type]}`;
  const sentence = key === null ? `the ${subject} ${verdict}` : `of the ${subject}, ${named(key)} ${verdict}`;
  return { subject, key, verdict, sentence };
}

const verdicts = {
  ADD: 'is there, but not declared',
  REMOVE: 'is declared, but not there',
  NOT_EQUAL: 'is not as declared',
} as const;

/** `maxSessionDuration` → `max session duration`. */
function camelCaseInWords(name: string): string {
  return named(name).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** `managedPolicies[arn:…].document` → the policy, and its document. */
function placeOf({ aspect, path }: Pick<ReportedDifference, 'aspect' | 'path'>): {
  readonly key: string | null;
  readonly member: string | null;
} {
  const rest = path.startsWith(aspect) ? path.slice(aspect.length) : path;
  if (rest === '') return { key: null, member: null };
  const [, key = null, member = null] = /^\[(.*)\](?:\.(\w+))?$/s.exec(rest) ?? [];
  return { key: key ?? rest.replace(/^\./, ''), member };
}
