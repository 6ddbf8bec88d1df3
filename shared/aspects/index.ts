import { TerminalError } from '../errors.ts';
import type { Aspect } from './define.ts';
import { description } from './description.ts';
import { identityProviders } from './identity-providers.ts';
import { inlinePolicies } from './inline-policies.ts';
import { instanceProfile } from './instance-profile.ts';
import { managedPolicies } from './managed-policies.ts';
import { maxSessionDuration } from './max-session-duration.ts';
import { permissionsBoundary } from './permissions-boundary.ts';
import { podIdentityAssociations } from './pod-identity-associations.ts';
import { tags } from './tags.ts';
import { trustPolicy } from './trust-policy.ts';

/** THE LIST. Event rules, permissions, the spec's schema, drift and reports follow from it. */
export const aspects: readonly Aspect[] = [
  permissionsBoundary,
  trustPolicy,
  managedPolicies,
  inlinePolicies,
  maxSessionDuration,
  description,
  tags,
  instanceProfile,
  podIdentityAssociations,
  identityProviders,
];

const byName = new Map(aspects.map((aspect) => [aspect.name, aspect]));

/** @throws {TerminalError} for a name that this version does not know: the spec is newer than the code. */
export function aspectNamed(name: string): Aspect {
  const aspect = byName.get(name);
  if (aspect === undefined)
    throw new TerminalError(`the spec declares "${name}", which this version does not know`);
  return aspect;
}

/** Whether this version knows it. A newer one, before a way back to this one, may have stored what it has seen of others. */
export function isKnownAspect(name: string): boolean {
  return byName.has(name);
}
