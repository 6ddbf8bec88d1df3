import { mayHaveMade } from '../aspects/made-by.ts';
import type { Actor, Change, Difference, Effect } from '../model.ts';
import type { RoleState } from '../ports/role-state.ts';
import { causesOfOthers } from './causes-of-others.ts';
import { after, defineGuard, type RoleContext } from './define.ts';
import type { GuardLimits } from './limits.ts';

const MINUTE_MS = 60_000;
/** So long without a revert, and the fight is over. */
export const CALM_MS = 2 * 60 * MINUTE_MS;

/** So many times more often than one difference must be put back whatever it is, and it is a fight over the role. */
const ROLE_FACTOR = 4;

/** First pause and longest; each round doubles it. Short where a door may stand open. */
const PAUSES: Readonly<Record<Effect, { readonly first: number; readonly longest: number }>> = {
  closes: { first: MINUTE_MS, longest: 5 * MINUTE_MS },
  restores: { first: 10 * MINUTE_MS, longest: 60 * MINUTE_MS },
};

/**
 * Whoever undoes every revert is named, and not fought at his speed: what restores waits longer each time, what closes
 * goes on, once in a short pause. To stop altogether would freeze a backdoor in place.
 */
export const fight = defineGuard({
  name: 'fight',
  hold: (change, { changes }, context) => {
    const pause = pauseFor(change, context);
    if (pause === null || isOver(pause, context)) return null;
    // Whoever feeds a fight over the role would put off what closes for ever: it goes along with what closes now.
    if (pause.isOverRole && change.effect === 'closes' && changes.some((other) => isDue(other, context)))
      return null;
    return {
      reason: disagreement(change, pause, context),
      dueAt: pause.until,
      remedy: howToSettle(change, context),
    };
  },
  remark: (change, context) => {
    const pause = pauseFor(change, context);
    return pause === null
      ? null
      : `a fight: ${disagreement(change, pause, context)}. ${howToSettle(change, context)}`;
  },
});

function disagreement(
  { difference }: Change,
  { isOverRole, reverts }: Pause,
  { state }: FightContext,
): string {
  const writer = lastWriter(state, difference.aspect);
  const name =
    writer === null ? 'somebody' : `${writer.name}${inSession(writer, (session) => `, ${session},`)}`;
  return isOverRole
    ? `${name} and the spec disagree about this role: something of it was put back ${reverts} times, and something else changed each time`
    : `${name} and the spec disagree about ${difference.path}: it was put back ${reverts} times, and changed again each time`;
}

function howToSettle({ difference }: Change, { state }: FightContext): string {
  const writer = lastWriter(state, difference.aspect);
  const name =
    writer === null ? 'whoever it is' : `${writer.name}${inSession(writer, (session) => ` (${session})`)}`;
  return `Settle it with ${name}: declare what is wanted in the spec, or stop the other side`;
}

type FightContext = Pick<RoleContext, 'state' | 'limits' | 'now'>;

/** That a difference is being fought about, as of this look. */
export interface Fought {
  /** With whom: his ARN, or what else is known of him; without the session, which is another each time. */
  readonly writer: string;
  /** The fight is over the role, and not over this difference alone. */
  readonly isOverRole: boolean;
}

/** By path, those of the differences that are being fought about. */
export type Fights = ReadonlyMap<string, Fought>;

/** The fights that differences belong to, by the reverts before this look: its own are no fight yet. */
export function fightsOver(
  differences: readonly Pick<Difference, 'path' | 'aspect'>[],
  { state, limits, now }: FightContext,
): Fights {
  const isOverRole = fightOverRole(state, limits, now) !== null;
  return new Map(
    differences.flatMap(({ path, aspect }): [string, Fought][] => {
      const hasOwn = fightOver(path, state, limits, now) !== null;
      const writer = lastWriter(state, aspect)?.identity ?? '';
      return hasOwn || isOverRole ? [[path, { writer, isOverRole: !hasOwn }]] : [];
    }),
  );
}

/** How long a change waits in a fight. */
interface Pause {
  readonly until: string;
  readonly reverts: number;
  /** The fight is over the role, and not over this change's own path. */
  readonly isOverRole: boolean;
}

/** null where there is no fight. */
function pauseFor({ effect, difference }: Change, { state, limits, now }: FightContext): Pause | null {
  const overPath = fightOver(difference.path, state, limits, now);
  const current = overPath ?? fightOverRole(state, limits, now);
  if (current === null) return null;
  const { first, longest } = PAUSES[effect];
  const until = after(current.lastAt, Math.min(first * 2 ** Math.min(current.rounds, 10), longest));
  return { until, reverts: current.reverts, isOverRole: overPath === null };
}

function isOver({ until }: Pause, { now }: FightContext): boolean {
  return Date.parse(until) <= now.getTime();
}

/** Whether the change closes, and its pause is over. */
function isDue(change: Change, context: FightContext): boolean {
  if (change.effect !== 'closes') return false;
  const pause = pauseFor(change, context);
  return pause !== null && isOver(pause, context);
}

/** What somebody changes again after each revert. */
export interface Fight {
  /** How often it was put back before it was a fight, and since. */
  readonly reverts: number;
  /** How often since. */
  readonly rounds: number;
  /** ISO 8601: the latest revert. */
  readonly lastAt: string;
}

type Limits = Pick<GuardLimits, 'fightReverts' | 'fightMinutes'>;

/** The fight over a path; null if none is on. It begins with too many reverts in a short time, and ends with calm. */
export function fightOver(
  path: string,
  { reverts }: Pick<RoleState, 'reverts'>,
  { fightReverts, fightMinutes }: Limits,
  now: Date,
): Fight | null {
  const times = reverts.filter((revert) => revert.path === path).map(({ at }) => at);
  return fightIn(times, fightReverts, fightMinutes * MINUTE_MS, now);
}

/**
 * The fight over a role as a whole: each time under another path, such as a policy whose name is made anew. It takes more
 * reverts, so that a fight over one difference does not hold the others.
 */
export function fightOverRole(
  { reverts }: Pick<RoleState, 'reverts'>,
  { fightReverts, fightMinutes }: Limits,
  now: Date,
): Fight | null {
  // What was put back together counts once.
  const times = new Map(reverts.map(({ id, at }) => [id, at]));
  return fightIn([...times.values()], ROLE_FACTOR * fightReverts, fightMinutes * MINUTE_MS, now);
}

function fightIn(at: readonly string[], most: number, windowMs: number, now: Date): Fight | null {
  const times = at
    .map((time) => Date.parse(time))
    .filter((time) => time <= now.getTime())
    .sort((a, b) => a - b);
  const last = times.at(-1);
  if (last === undefined || now.getTime() - last >= CALM_MS) return null;
  const start = times.findLastIndex(
    (time, index) => index > 0 && time - (times[index - 1] ?? time) >= CALM_MS,
  );
  const chain = times.slice(Math.max(start, 0));
  const nth = chain.findIndex((time, index) => {
    const others = chain[index - most + 1];
    return others !== undefined && time - others < windowMs;
  });
  if (nth < 0) return null;
  const rounds = chain.length - 1 - nth;
  // Only just begun, and the window is over: nobody has answered.
  if (rounds === 0 && now.getTime() - last >= windowMs) return null;
  return { reverts: most + rounds, rounds, lastAt: new Date(last).toISOString() };
}

interface Writer extends Pick<Actor, 'sessionName'> {
  /** Roles of several accounts may have one name. */
  readonly identity: string;
  readonly name: string;
}

/** Who was the last who may have changed it. His own words are not asked: a user agent says what it likes. */
function lastWriter(state: RoleState, aspect: string): Writer | null {
  const causes = causesOfOthers(state);
  const actor = (causes.findLast(({ eventName }) => mayHaveMade(eventName, aspect)) ?? causes.at(-1))?.actor;
  if (actor === undefined) return null;
  const { issuerArn, sessionName, userName, arn, invokedBy, type } = actor;
  const name = lastPart(issuerArn) ?? userName ?? lastPart(arn) ?? invokedBy ?? type;
  return { identity: issuerArn ?? (sessionName === null ? arn : null) ?? name, name, sessionName };
}

function inSession({ sessionName }: Writer, words: (session: string) => string): string {
  return sessionName === null ? '' : words(`session ${sessionName}`);
}

function lastPart(arn: string | null): string | null {
  return arn === null ? null : arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);
}
