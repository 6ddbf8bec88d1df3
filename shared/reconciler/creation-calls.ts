import { asObserved } from '../aspects/as-observed.ts';
import { aspectNamed } from '../aspects/index.ts';
import type { DesiredRole, Json, JsonObject, ObservedRole } from '../model.ts';
import type { LastInSync } from '../ports/role-state.ts';
import { inputOf } from './call-input.ts';
import { detectDrift } from './drift.ts';
import { planChanges } from './plan.ts';
import { roleCreation } from './role-creation.ts';
import { unreadRole } from './unread-role.ts';

/** A call as AWS names it. */
export interface NamedCall {
  /** Such as `iam:AttachRolePolicy`. */
  readonly action: string;
  readonly input: JsonObject;
}

/**
 * All calls that make a deleted role again, the one that creates it first. What outlives a role, such as the policies that
 * were attached to it, is taken for there. Pure: nothing is sent. null where nobody knows the role's trust policy, without
 * which IAM creates none.
 */
export function creationCalls(desired: DesiredRole): readonly NamedCall[] | null {
  if (desired.aspects['trustPolicy'] === undefined) return null;
  const { ref, path } = desired;
  const lost = Object.entries(desired.aspects).flatMap(([name, aspect]) => {
    const observed = aspectNamed(name).whenCreated(aspect.declared);
    return observed === null ? [] : [{ name, aspect, observed }];
  });
  const remade: DesiredRole = {
    ...desired,
    aspects: Object.fromEntries(lost.map(({ name, aspect }) => [name, aspect])),
  };
  const created: ObservedRole = {
    ...unreadRole(ref),
    exists: true,
    path,
    aspects: Object.fromEntries(lost.map(({ name, observed }): [string, Json] => [name, observed])),
  };
  const { changes } = planChanges(remade, created, detectDrift(remade, created));
  const calls = [
    { action: 'iam:CreateRole', input: inputOf(roleCreation(desired)) },
    ...changes.flatMap(({ action, call }) => (call === null ? [] : [{ action, input: inputOf(call) }])),
  ];
  return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
}

/**
 * The role's declaration, in the form in which it was last seen in sync; what is not declared, as it was then. The spec may
 * have taken access away since, and the role need not have been in sync from then on: what was seen must not bring it back.
 */
export function asLastInSync(desired: DesiredRole, { aspects }: LastInSync): DesiredRole {
  const seen = Object.entries(asObserved(aspects, desired.ref)).filter(([name]) => {
    const declaration = desired.aspects[name];
    return (
      declaration === undefined ||
      aspectNamed(name).diff(declaration.declared, aspects[name] ?? null, desired.ref).length === 0
    );
  });
  return { ...desired, aspects: { ...desired.aspects, ...Object.fromEntries(seen) } };
}
