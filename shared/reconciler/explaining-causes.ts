import { mayHaveMade } from '../aspects/made-by.ts';
import { causesOfOthers } from '../guards/causes-of-others.ts';
import type { Cause, Difference } from '../model.ts';
import { letsSomebodyIn } from '../policy/outsider.ts';
import type { RoleState } from '../ports/role-state.ts';
import { sortedCauses } from './identifiers.ts';
import { isMaker } from './makers.ts';

/** So many that are known from earlier looks are told: how it began, and how it is now. */
const FIRST_EARLIER = 3;
const LAST_EARLIER = 7;

/**
 * Who is to be told of: the causes of this look and, of what is still to be put back, those known from earlier ones. Whoever
 * touches a role that is held must not pass for him who opened it. The foremost first, the others in order of time. Pure.
 *
 * @param causes Of this look.
 * @param state As of this look, all causes since the role was last in sync in it.
 * @param wasPending Something was still to be done about it before this look. Otherwise what differs now is this look's news.
 */
export function explainingCauses(
  causes: readonly Cause[],
  differences: readonly Difference[],
  state: RoleState,
  wasPending: boolean,
): readonly Cause[] {
  const own = new Set(causes.map(({ eventId }) => eventId));
  const known = causesOfOthers(state).filter(({ eventId }) => !own.has(eventId));
  const open = differences.filter(({ mode, leftBySpec }) => mode === 'enforce' && leftBySpec === null);
  const about = open.length > 0 ? open : differences;
  const isNew = causes.length > 0 && !wasPending;
  const makers = isNew
    ? []
    : known.filter((cause) => open.some((difference) => isMaker(cause, difference, state.reverts)));
  const earlier = causes.length + makers.length > 0 ? makers : known;
  const first = foremostCause([...sortedCauses(causes), ...earlier], about);
  const others = [...causes, ...someOf(earlier)].filter((cause) => cause !== first);
  return [...(first === undefined ? [] : [first]), ...sortedCauses(others)];
}

/**
 * The one that people want to know of first: the first that may have let somebody in, else that may have given access, else
 * that may have made any of the differences. undefined where there is no cause.
 */
function foremostCause(causes: readonly Cause[], differences: readonly Difference[]): Cause | undefined {
  const makerOf = (made: readonly Difference[]) =>
    causes.find(({ eventName }) => made.some(({ aspect }) => mayHaveMade(eventName, aspect)));
  const gaining = differences.filter(({ access }) => access.gained.length > 0);
  const opening = gaining.filter(({ access }) => letsSomebodyIn(access));
  return makerOf(opening) ?? makerOf(gaining) ?? makerOf(differences) ?? causes[0];
}

function someOf(causes: readonly Cause[]): readonly Cause[] {
  return causes.length <= FIRST_EARLIER + LAST_EARLIER
    ? causes
    : [...causes.slice(0, FIRST_EARLIER), ...causes.slice(-LAST_EARLIER)];
}

/** A cause as people are told of it. */
export function asTold({ eventId, eventName, eventTime, region, actor }: Cause): Cause {
  return { eventId, eventName, eventTime, region, actor };
}
