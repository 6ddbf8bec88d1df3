import type { Section } from './notification.ts';

/**
 * The sections, with as few lines left out as it takes for `fits` to agree: the least important first, of equals the last
 * first. A section that must be whole goes at once. Each section that lost lines says how many; where the full report is stands in a line that is never left out.
 */
export function fit(
  sections: readonly Section[],
  fits: (sections: readonly Section[]) => boolean,
): readonly Section[] {
  const order = shedOrder(sections);
  let [tooFew, enough] = [-1, order.length];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (fits(without(sections, order.slice(0, middle)))) enough = middle;
    else tooFew = middle;
  }
  return without(sections, order.slice(0, enough));
}

interface Place {
  readonly section: number;
  readonly line: number;
  readonly shed: number;
}

function shedOrder(sections: readonly Section[]): readonly Place[] {
  return sections
    .flatMap(({ lines, isWhole }, index) =>
      (isWhole ? lines.slice(0, 1) : lines).map((line, at) => ({
        section: index,
        line: at,
        shed: line.shed,
      })),
    )
    .filter((place) => place.shed > 0)
    .sort((a, b) => b.shed - a.shed || b.section - a.section || b.line - a.line);
}

function without(sections: readonly Section[], places: readonly Place[]): readonly Section[] {
  const gone = new Set(places.map((place) => `${place.section}/${place.line}`));
  return sections.flatMap((section, index) => {
    const isGone = (at: number) => gone.has(`${index}/${section.isWhole ? 0 : at}`);
    const lines = section.lines.filter((_, at) => !isGone(at));
    const count = section.lines.length - lines.length;
    if (count === 0) return [section];
    const note = `${count} ${count === 1 ? 'line' : 'lines'} left out here for length`;
    return [
      {
        ...section,
        lines: [...lines, { form: 'text', label: null, spans: [{ kind: 'words', text: note }], shed: 0 }],
      },
    ];
  });
}
