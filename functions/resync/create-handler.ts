import type { ReconcileRequest, RoleRef } from '../../shared/model.ts';
import type { RequestQueue } from '../../shared/ports/request-queue.ts';
import type { RoleDirectory } from '../../shared/ports/role-directory.ts';
import type { Telemetry } from '../../shared/ports/telemetry.ts';
import { findDeclaration } from '../../shared/spec/desired-role.ts';
import { isPattern } from '../../shared/spec/role-name-pattern.ts';
import type { Spec } from '../../shared/spec/spec.ts';

export interface ResyncDeps {
  readonly spec: Spec;
  readonly account: Pick<RoleRef, 'accountId' | 'partition'>;
  readonly directory: RoleDirectory;
  readonly requests: RequestQueue;
  readonly telemetry: Telemetry;
}

/**
 * Sends every declared role to the reconciler: those declared by name, whether they exist or not, so that a deletion
 * nobody told is found; and all that the patterns reach. CloudTrail's delivery is best effort, so this is a necessity.
 */
export function createResyncHandler(deps: ResyncDeps): () => Promise<{ readonly roles: number }> {
  return async () => {
    const { spec, account, requests, telemetry } = deps;
    const names = await declaredRoleNames(spec, deps.directory);
    await requests.send(names.map((roleName) => resyncRequest({ ...account, roleName })));
    telemetry.info('resync sent', { roles: names.length });
    telemetry.count('ResyncedRoles', names.length);
    telemetry.count('ResyncFinished', 1);
    return { roles: names.length };
  };
}

async function declaredRoleNames(spec: Spec, directory: RoleDirectory): Promise<readonly string[]> {
  const names = new Map<string, string>();
  for (const { name } of spec.roles) if (!isPattern(name)) names.set(name.toLowerCase(), name);
  if (spec.roles.some(({ name }) => isPattern(name)))
    for await (const page of directory.roleNames())
      for (const name of page) if (findDeclaration(spec, name) !== null) names.set(name.toLowerCase(), name);
  return [...names.values()].sort();
}

function resyncRequest(role: RoleRef): ReconcileRequest {
  return { role, trigger: 'resync', causes: [], recheck: 0 };
}
