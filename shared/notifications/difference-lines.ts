import type { Json, ReportedDifference } from '../model.ts';
import { differenceInWords } from './difference-in-words.ts';
import { code, foremost, listed, sentence, shed, value, words } from './line.ts';
import { lineDiff } from './line-diff.ts';
import type { Line } from './notification.ts';

/** A difference, what access it gave (`+`) and took (`-`), and the texts where they differ. `index`: the worst come first. */
export function differenceLines(
  difference: ReportedDifference,
  index: number,
  quote: (sentence: string) => string,
): readonly Line[] {
  const { subject, key, verdict } = differenceInWords(difference);
  const head =
    key === null
      ? [words(`The ${subject} ${verdict}`)]
      : [words(`Of the ${subject}, `), value(key), words(` ${verdict}`)];
  const { gained, lost } = difference.access;
  const weigh = (weight: number, at = 0) => (index < foremost && at < foremost ? weight : shed.tail);
  return [
    sentence(head, weigh(shed.difference)),
    ...listed(gained, 'gained', ({ text }, at) => [
      sentence([words(`+ ${quote(text)}`)], weigh(shed.gained, at)),
    ]),
    ...listed(lost, 'lost', ({ text }, at) => [
      sentence([words(`- ${quote(text)}`)], weigh(shed.detail, at)),
    ]),
    ...documentLines(difference, key),
  ];
}

/** A diff longer than this is no longer short; the full report has it. */
const longestDiff = 30;

function documentLines({ expected, actual }: ReportedDifference, key: string | null): readonly Line[] {
  if (isSaidByKey(expected, key) && isSaidByKey(actual, key)) return [];
  const changed = lineDiff(expected, actual);
  const margin = changed.reduce((least, { text }) => Math.min(least, text.search(/[^ ]/)), Infinity);
  const lines = changed.map(({ sign, text }) => `${sign} ${text.slice(margin)}`);
  const rest = lines.length - longestDiff;
  const note = `${rest} more lines of this difference left out`;
  return [
    ...lines.slice(0, longestDiff).map((line) => code(line, shed.diff)),
    ...(rest > 0 ? [sentence([words(note)], shed.diff)] : []),
  ];
}

/** An attached policy is named by its key; to print its ARN once more as a diff tells nothing. */
function isSaidByKey(document: Json, key: string | null): boolean {
  return document === null || document === key;
}
