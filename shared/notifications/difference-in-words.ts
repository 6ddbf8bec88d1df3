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
  const subject = aspectInWords(difference.aspect);
  const key = keyOf(difference);
  const verdict = verdicts[difference.type];
  const sentence = key === null ? `the ${subject} ${verdict}` : `of the ${subject}, ${named(key)} ${verdict}`;
  return { subject, key, verdict, sentence };
}

const verdicts = {
  ADD: 'is there, but not declared',
  REMOVE: 'is declared, but not there',
  NOT_EQUAL: 'is not as declared',
} as const;

/** `maxSessionDuration` → `max session duration`. */
function aspectInWords(aspect: string): string {
  return named(aspect).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function keyOf({ aspect, path }: Pick<ReportedDifference, 'aspect' | 'path'>): string | null {
  const rest = path.startsWith(aspect) ? path.slice(aspect.length) : path;
  if (rest === '') return null;
  return rest.startsWith('[') && rest.endsWith(']') ? rest.slice(1, -1) : rest.replace(/^\./, '');
}
