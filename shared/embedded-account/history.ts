import type { AccountState } from './state.ts';

interface Moment {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly state: AccountState;
}

/** Past states kept even when nobody has asked for staleness yet. */
const alwaysKept = 32;

/** The account's states, so that a read can be stale. States share what they have in common. */
export class StateHistory {
  #moments: readonly [Moment, ...Moment[]];
  #keptMs = 0;

  constructor(state: AccountState) {
    this.#moments = [{ at: Number.NEGATIVE_INFINITY, state }];
  }

  get current(): AccountState {
    return (this.#moments.at(-1) ?? this.#moments[0]).state;
  }

  /** From now on, remember states that are this old. */
  remember(milliseconds: number): void {
    this.#keptMs = Math.max(this.#keptMs, milliseconds);
  }

  /** The state at that time; the oldest one remembered if that is too long ago. */
  asOf(time: number): AccountState {
    return (this.#moments.findLast(({ at }) => at <= time) ?? this.#moments[0]).state;
  }

  add(state: AccountState, at: number): void {
    if (state === this.current) return;
    const [first, ...others] = this.#moments;
    const rest = [...others, { at, state }];
    const isNeeded = (moment: Moment, index: number) =>
      index >= rest.length - alwaysKept || moment.at > at - this.#keptMs;
    const from = rest.findIndex(isNeeded);
    // What is forgotten leaves its last state behind, as what was there before.
    const oldest = from > 0 ? (rest[from - 1] ?? first) : first;
    this.#moments = [oldest, ...rest.slice(from)];
  }

  /** It has always been so: nothing older can be read. */
  rewrite(state: AccountState): void {
    if (state !== this.current) this.#moments = [{ at: Number.NEGATIVE_INFINITY, state }];
  }
}
