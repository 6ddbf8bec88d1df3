import { randomBytes } from 'node:crypto';

import type { EmbeddedAccount } from '../../shared/embedded-account/account.ts';
import { memoryLedger } from '../../shared/ledger/memory.ts';
import type { DesiredRole, Json, RoleRef } from '../../shared/model.ts';
import type { Clients } from '../../shared/ports/clients.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { reconcileRole } from '../../shared/reconciler/reconcile.ts';
import { desiredRole } from '../../shared/spec/desired-role.ts';
import { isPattern } from '../../shared/spec/role-name-pattern.ts';
import type { Spec } from '../../shared/spec/spec.ts';
import { inMode } from './spec-file.ts';

/** Nobody can assume a role until its declared trust policy is there. */
const placeholderTrust: Json = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
};

/** More rounds than any role needs: what is still not in sync then never will be. */
const mostRounds = 3;

/** Which roles there are beside those that the spec names exactly. */
export interface NamedRoles {
  /** Those that a pattern of the spec governs are created. */
  readonly named: Iterable<string>;
  /** In lower case: these are not created, whatever the spec says. */
  readonly absent: ReadonlySet<string>;
}

/**
 * Brings an embedded account to what the spec declares: every role with an exact name, and those that
 * `roles` names and a pattern governs. The product's own reconciler does it, so that a new aspect seeds itself.
 * Answers what could not be brought there, in words.
 */
export async function seedAccount(
  account: EmbeddedAccount,
  spec: Spec,
  roles: NamedRoles,
  { clients, clock }: { readonly clients: Clients; readonly clock: Clock },
): Promise<readonly string[]> {
  const enforced = inMode(spec, 'enforce');
  const problems: string[] = [];
  for (const role of declaredRoles(account, enforced, roles)) {
    for (const { declared } of Object.values(role.aspects)) ensureNamed(account, declared);
    account.createRole({ roleName: role.ref.roleName, path: role.path, trustPolicy: placeholderTrust });
    const problem = await bringInSync(role.ref, enforced, clients, clock);
    if (problem !== null) problems.push(`${role.ref.roleName} does not start as declared: ${problem}`);
  }
  return problems;
}

function declaredRoles(
  { accountId, partition }: EmbeddedAccount,
  spec: Spec,
  { named, absent }: NamedRoles,
): readonly DesiredRole[] {
  const exact = spec.roles.map(({ name }) => name).filter((name) => !isPattern(name));
  const found = new Map<string, DesiredRole>();
  for (const roleName of [...exact, ...named]) {
    const desired = desiredRole(spec, { accountId, partition, roleName });
    const key = roleName.toLowerCase();
    if (desired !== null && !found.has(key) && !absent.has(key)) found.set(key, desired);
  }
  return [...found.values()];
}

/** What a declaration names must exist, or IAM refuses it: policies to attach, principals to trust. */
function ensureNamed(account: EmbeddedAccount, declared: Json): void {
  if (typeof declared === 'string') {
    if (/^arn:[^:]+:iam::[^:]*:policy\/./.test(declared)) account.ensurePolicy(declared);
  } else if (typeof declared === 'object' && declared !== null) {
    if ('Statement' in declared) account.ensurePrincipals(declared);
    for (const member of Object.values(declared)) ensureNamed(account, member);
  }
}

async function bringInSync(
  role: RoleRef,
  spec: Spec,
  clients: Clients,
  clock: Clock,
): Promise<string | null> {
  const deps = {
    spec,
    clientsFor: () => clients,
    ledger: memoryLedger(),
    recheckQueue: { schedule: async () => {} },
    clock,
    randomBytes,
  };
  let problem: string | null = null;
  for (let round = 0; round < mostRounds; round += 1) {
    const { report } = await reconcileRole({ role, trigger: 'operator', causes: [], recheck: 0 }, deps);
    if (report.outcome === 'in-sync') return null;
    problem = report.changes.find(({ error }) => error !== null)?.error ?? problem;
  }
  return problem ?? 'it is not in sync after all changes';
}
