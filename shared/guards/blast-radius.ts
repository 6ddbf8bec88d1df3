import { operatorCommand } from '../operator-command.ts';
import type { DriftMark } from '../ports/role-state.ts';
import { CANARY_ROLE_NAME } from '../spec/canary.ts';
import { after, defineGuard, isAhead, type Hold, type RoleContext } from './define.ts';

const MINUTE_MS = 60_000;
/** The sweep after a deployment has looked at every role when no further drift has been found for so long. */
const SETTLE_MS = 5 * MINUTE_MS;
/** Between the look that finds too many and the one that tells: by then it is stored who was held, and who was first. */
const COUNT_MS = MINUTE_MS;
const MOST_LISTED = 500;
/** So many doors that somebody has opened are closed in an hour, though the spec is the suspect. */
const MOST_DOORS = 3;
const DOORS_MS = 60 * MINUTE_MS;

/**
 * When many roles drift at once, something other than the roles is wrong. If the spec has changed since they were last in
 * sync, the spec is the suspect, and nothing is written of what it may have made, but what closes a few doors; otherwise access
 * is closed and none is given back.
 */
export const blastRadius = defineGuard({
  name: 'blastRadius',
  needs: ['controls', 'driftMarks'],
  hold: ({ effect, difference: { path } }, _plan, context) => {
    const { driftMarks, controls, observed, desired, suspects, limits } = context;
    const { resume } = controls;
    const resumedAt = resume === null || isAhead(resume.at, context.now) ? 0 : Date.parse(resume.at);
    // The canary drifts by appointment, and must not use up what real roles are allowed; nor must roles that are declared
    // no more, whose marks nobody will change.
    const marks = driftMarks.filter(
      ({ since, role: { roleName } }) =>
        Date.parse(since) > resumedAt && roleName !== CANARY_ROLE_NAME && desired.isDeclared(roleName),
    );
    if (!marks.some(({ role }) => isSameName(role.roleName, observed.ref.roleName))) return null;
    if (suspects.paths.has(path)) return suspectSpec(path, marks.filter(isOfSpec(context)), context);
    // What is held is counted while it is recent only: else many that are held would hold each other for ever. Nor do those
    // count of whoever may only create roles.
    const recent = marks.filter((mark) => isRecent(mark, context) && !mark.isStranger);
    if (effect === 'closes' || recent.length <= mostRoles(context)) return null;
    return {
      reason: `${recent.length} roles have drifted within a short time: access is closed, and none is given back`,
      dueAt: after(latest(recent), limits.manyMinutes * MINUTE_MS),
      remedy: `To give access back at once: ${resumeCommand(context)}`,
    };
  },
});

function suspectSpec(path: string, marks: readonly DriftMark[], context: RoleContext): Hold | null {
  const { doors, gains } = context.suspects;
  if (doors.has(path)) return doorHold(marks, context);
  const suspects = marks.filter((mark) => mark.isSuspect);
  const most = mostRoles(context);
  const settledAt = after(latest(suspects), SETTLE_MS);
  const { entries, hasPatterns } = context.specSize;
  const canBeMany = hasPatterns || entries > most;
  if (canBeMany && Date.parse(settledAt) > context.now.getTime())
    return {
      reason: 'the spec is new: first all roles are looked at, to see how many would be written',
      dueAt: settledAt,
      telling: 'later',
    };
  if (suspects.length <= most) return null;
  const reason = `${suspects.length} roles differ from the spec, and it is the spec that is new: it is the suspect, nothing is written`;
  const isStored = context.state.drift?.isHeldAsMany ?? false;
  if (!isStored) return { reason, dueAt: after(context.now, COUNT_MS), telling: 'later' };
  return {
    reason,
    // Nobody else speaks for what somebody has given since. The same spec may be taken back, and come again another day: that is
    // told again.
    telling: gains.has(path)
      ? 'now'
      : { once: `spec ${context.desired.spec.version} since ${earliestHeld(suspects)}` },
    // The list comes last: where it is too long for a message, what to do is not lost with it.
    remedy: [
      `If what is held is what the spec shall do: ${resumeCommand(context)}`,
      'If it is not, correct the spec and deploy it',
      listOf(suspects),
    ],
  };
}

/**
 * A few doors are somebody's; many are a deployment, which the spec was to follow: to close them all would write to all of them
 * what is wrong in it.
 */
function doorHold(marks: readonly DriftMark[], { now }: RoleContext): Hold | null {
  const closed = marks
    .flatMap(({ doorClosedAt }) => doorClosedAt ?? [])
    .filter((at) => Date.parse(at) > now.getTime() - DOORS_MS)
    .sort()
    .slice(-MOST_DOORS);
  const [first] = closed;
  if (first === undefined || closed.length < MOST_DOORS) return null;
  return {
    reason: `it is closed by a spec that is itself the suspect, and ${MOST_DOORS} others have been so within an hour`,
    dueAt: after(first, DOORS_MS),
    remedy: 'Close it by hand, or correct the spec: what the spec says of this role may be wrong, too',
  };
}

/** Marks of drift by this very spec. */
function isOfSpec({ desired }: RoleContext): (mark: DriftMark) => boolean {
  return ({ spec }) => spec === desired.spec.version;
}

/** So many roles, or such a part of what is declared if that is more. */
function mostRoles({ specSize, limits }: RoleContext): number {
  return Math.max(limits.manyRoles, Math.floor((specSize.entries * limits.manyPercent) / 100));
}

function isRecent({ since }: DriftMark, { now, limits }: RoleContext): boolean {
  return now.getTime() - Date.parse(since) < limits.manyMinutes * MINUTE_MS;
}

function earliestHeld(marks: readonly DriftMark[]): string {
  return (
    marks
      .filter(({ isHeld }) => isHeld)
      .map(({ since }) => since)
      .sort()[0] ?? ''
  );
}

function latest(marks: readonly DriftMark[]): string {
  return (
    marks
      .map(({ since }) => since)
      .sort()
      .at(-1) ?? '1970-01-01T00:00:00Z'
  );
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** By what would be done: "put the declared trust policy back: app, web, …". */
function listOf(marks: readonly DriftMark[]): string {
  const byPlan = new Map<string, string[]>();
  for (const { role, plan } of marks.slice(0, MOST_LISTED)) {
    const names = byPlan.get(plan.join(', ')) ?? [];
    byPlan.set(plan.join(', '), [...names, role.roleName]);
  }
  const groups = [...byPlan].map(([plan, names]) => `${plan}: ${names.join(', ')}`);
  const more = marks.length - MOST_LISTED;
  return `Held: ${groups.join('; ')}${more > 0 ? `; and ${more} more roles` : ''}`;
}

function resumeCommand({ state }: RoleContext): string {
  return operatorCommand('resume', { options: [`--incident ${state.drift?.incidentId ?? ''}`] });
}
