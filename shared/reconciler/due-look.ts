import type { AppliedChange } from '../model.ts';

/** SQS's longest delay, in seconds. */
const LONGEST_DELAY_S = 900;
/** The look that was asked for may be this one: it comes by the queue's clock, which may be ahead of ours. */
const EARLY_MS = 10_000;

/** The next look at a role whose changes wait: when, and whether it has been asked for already. */
export interface DueLook {
  /** ISO 8601. */
  readonly at: string;
  /** null if a look for that time is on its way. */
  readonly delaySeconds: number | null;
}

/**
 * When to look again at what is held; null if nothing has a due time. A time that is farther away than a message can wait
 * is reached in several looks. However many events come meanwhile, one look is on its way.
 */
export function dueLook(
  applied: readonly AppliedChange[],
  askedFor: string | null,
  now: Date,
): DueLook | null {
  const [due] = applied.flatMap(({ dueAt }) => dueAt ?? []).sort();
  if (due === undefined) return null;
  const seconds = Math.ceil((Date.parse(due) - now.getTime()) / 1000);
  const delaySeconds = Math.min(Math.max(seconds, 1), LONGEST_DELAY_S);
  const at = new Date(now.getTime() + delaySeconds * 1000).toISOString();
  return askedFor !== null && Date.parse(askedFor) > now.getTime() + EARLY_MS && askedFor <= at
    ? { at: askedFor, delaySeconds: null }
    : { at, delaySeconds };
}
