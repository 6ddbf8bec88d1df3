/** One measurement beside its floor: the least that the same work can cost here, measured in the same run. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly floor: number;
  /** `value / floor`. More is worse, but for rates (`…/s`), where more is better. */
  readonly ratio: number;
}

/** Three significant digits: what a second run would confirm at best. */
export function row(name: string, unit: string, value: number, floor: number): Row {
  return { name, unit, value: rounded(value), floor: rounded(floor), ratio: rounded(value / floor) };
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
