import { createHash, randomBytes } from 'node:crypto';

import * as z from 'zod/mini';

import type { EmbeddedAccount } from '../../shared/embedded-account/account.ts';
import type { Controls } from '../../shared/ports/controls.ts';
import { memoryRoleStates } from '../../shared/ledger/memory-role-states.ts';
import { memoryLedger } from '../../shared/ledger/memory.ts';
import type { Json, RoleRef } from '../../shared/model.ts';
import type { Clients } from '../../shared/ports/clients.ts';
import { alwaysOn } from '../../shared/ports/kill-switch.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { reconcileRole } from '../../shared/reconciler/reconcile.ts';
import { desiredRole } from '../../shared/spec/desired-role.ts';
import { errorInWords } from './error-in-words.ts';
import { isPattern } from '../../shared/spec/role-name-pattern.ts';
import type { RoleStates } from '../../shared/ports/role-state.ts';
import type { Spec } from '../../shared/spec/spec.ts';
import { inMode } from '../../shared/spec/in-mode.ts';

/** Nobody can assume a role until its declared trust policy is there. */
const placeholderTrust: Json = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
};

/** More rounds than any role needs: what is still not in sync then never will be. */
const mostRounds = 3;

/** The roles that a spec names exactly; of a pattern, nobody knows which roles there are. */
export function exactNames(spec: Spec): readonly string[] {
  return spec.roles.map(({ name }) => name).filter((name) => !isPattern(name));
}

interface Seeding {
  readonly clients: Clients;
  readonly clock: Clock;
  /** Where it is remembered what was there at the start. */
  readonly roleStates?: RoleStates;
}

/**
 * Creates roles in an embedded account as the spec declares them. Names that it does not declare, or that exist already,
 * are left out. The product's own reconciler does it, so that a new aspect seeds itself.
 * Answers what could not be brought there, in words.
 */
export async function seedRoles(
  account: EmbeddedAccount,
  spec: Spec,
  roleNames: Iterable<string>,
  { clients, clock, roleStates = memoryRoleStates() }: Seeding,
): Promise<readonly string[]> {
  const { accountId, partition } = account;
  const enforced = inMode(spec, 'enforce');
  const problems: string[] = [];
  for (const roleName of roleNames) {
    const role = desiredRole(enforced, { accountId, partition, roleName });
    if (role === null || account.role(roleName) !== null) continue;
    for (const { declared } of Object.values(role.aspects)) ensureNamed(account, declared);
    const { roleId: known } = await roleStates.get(role.ref);
    const roleId = known ?? roleIdOf(account.accountId, roleName);
    account.createRole({ roleName, roleId, path: role.path, trustPolicy: placeholderTrust });
    const states = memoryRoleStates();
    // One role that cannot be looked at must not keep the others from being played.
    const problem = await bringInSync(account, role.ref, enforced, {
      clients,
      clock,
      roleStates: states,
    }).catch(errorInWords);
    await rememberSeen(role.ref, states, roleStates);
    if (problem !== null) problems.push(`${roleName} does not start as declared: ${problem}`);
  }
  return problems;
}

/** Only what was seen of the role: who it is, and that it was ever in sync, is for those who look at it to learn. */
async function rememberSeen(role: RoleRef, from: RoleStates, to: RoleStates): Promise<void> {
  const { lastSeen } = await from.get(role);
  if (Object.keys(lastSeen).length > 0) await to.put({ ...(await to.get(role)), lastSeen });
}

/** The same in every run, until an operator approves another: a ledger that is kept must not take the role for a stranger. */
function roleIdOf(accountId: string, roleName: string): string {
  const digest = createHash('sha256').update(`${accountId}/${roleName.toLowerCase()}`).digest('hex');
  return `AROA${digest.slice(0, 17).toUpperCase()}`;
}

const PROVIDER = /^arn:[^:]+:iam::[^:]*:(?:oidc|saml)-provider\/./;

/** An identity provider whose content is declared. */
const providerSchema = z.object({
  arn: z.string().check(z.regex(PROVIDER)),
  clientIds: z.exactOptional(z.array(z.string())),
  thumbprints: z.exactOptional(z.array(z.string())),
});

/** What a declaration names must exist, or IAM refuses it: policies to attach, principals to trust. */
function ensureNamed(account: EmbeddedAccount, declared: Json): void {
  if (typeof declared === 'string') {
    if (/^arn:[^:]+:iam::[^:]*:policy\/./.test(declared)) account.ensurePolicy(declared);
    if (PROVIDER.test(declared)) account.createIdentityProvider({ arn: declared });
  } else if (typeof declared === 'object' && declared !== null) {
    if ('Statement' in declared) account.ensurePrincipals(declared);
    if ('arn' in declared && 'document' in declared && typeof declared['arn'] === 'string')
      account.createPolicy({ arn: declared['arn'], document: declared['document'] ?? null });
    const provider = providerSchema.safeParse(declared);
    if (provider.success) account.createIdentityProvider(provider.data);
    if ('cluster' in declared && typeof declared['cluster'] === 'string')
      account.createCluster(
        declared['cluster'],
        typeof declared['region'] === 'string' ? declared['region'] : undefined,
      );
    for (const member of Object.values(declared)) ensureNamed(account, member);
  }
}

/** All that there is to do is wanted, however much it is. */
const goAhead = (clock: Clock): Controls => ({
  of: async () => ({
    exemption: null,
    approval: null,
    resume: { at: clock.now().toISOString(), incidentId: '', by: 'the start of a replay' },
  }),
});

async function bringInSync(
  account: EmbeddedAccount,
  role: RoleRef,
  spec: Spec,
  { clients, clock, roleStates }: Required<Seeding>,
): Promise<string | null> {
  const ledger = memoryLedger();
  const deps = {
    spec,
    clientsFor: () => clients,
    ledger,
    recheckQueue: { schedule: async () => {} },
    roleStates,
    controls: goAhead(clock),
    killSwitch: alwaysOn,
    clock,
    randomBytes,
  };
  let problem: string | null = null;
  for (let round = 0; round < mostRounds; round += 1) {
    const { report } = await reconcileRole({ role, trigger: 'operator', causes: [], recheck: 0 }, deps);
    if (report.outcome === 'in-sync') return null;
    const failed = report.changes.find(({ error }) => error !== null);
    if (failed === undefined) continue;
    problem = failed.error;
    // What is named there does not exist yet: as a recorded call, the same makes it exist.
    for (const { action, input } of ledger.incidents().at(-1)?.plan ?? [])
      account.apply({ eventName: action.slice(action.indexOf(':') + 1), requestParameters: input });
  }
  return problem ?? 'it is not in sync after all changes';
}
