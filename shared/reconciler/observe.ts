import { GetRoleCommand } from '@aws-sdk/client-iam';

import { aspectNamed, aspects } from '../aspects/index.ts';
import type { IamRole } from '../aspects/definition.ts';
import { awsErrorCode, MalformedPolicyError } from '../errors.ts';
import type { DesiredRole, Json, ObservedRole } from '../model.ts';
import type { Clients } from '../ports/clients.ts';
import { unreadRole } from './unread-role.ts';

/**
 * Reads the role, declared aspects only. All reads of a level start together: trust and attachments are one round.
 * Throws what IAM answers, except that a role which does not exist is an observation.
 */
export async function observeRole(desired: DesiredRole, clients: Clients): Promise<ObservedRole> {
  const role = readRole(desired.ref.roleName, clients);
  const context = { ...desired.ref, clients, getRole: () => role, isDeclared: desired.isDeclared };
  const reads = Object.entries(desired.aspects).map(
    async ([name, { declared }]): Promise<readonly [string, Json]> => [
      name,
      await aspectNamed(name).observe(context, declared),
    ],
  );
  const [roleRead, ...aspectReads] = await Promise.allSettled([role, ...reads]);
  if (roleRead.status === 'rejected') {
    // NoSuchEntity from any other call may mean a policy; only GetRole's means the role.
    if (awsErrorCode(roleRead.reason) === 'NoSuchEntity') return unreadRole(desired.ref);
    throw roleRead.reason;
  }
  const observed: (readonly [string, Json])[] = [];
  for (const read of aspectReads) {
    if (read.status === 'rejected') throw read.reason;
    observed.push(read.value);
  }
  const { Arn, CreateDate, Path, RoleId, RoleName } = roleRead.value;
  return {
    ref: { ...desired.ref, roleName: RoleName ?? desired.ref.roleName },
    exists: true,
    arn: Arn ?? null,
    roleId: RoleId ?? null,
    createdAt: CreateDate?.toISOString() ?? null,
    path: Path ?? null,
    aspects: Object.fromEntries(observed),
    undeclared: undeclaredIn(roleRead.value, desired),
  };
}

/** What the role itself tells of the aspects that are not declared: it costs no call. */
function undeclaredIn(role: IamRole, desired: DesiredRole): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    aspects.flatMap(({ name, inRole }): [string, Json][] => {
      if (inRole === null || desired.aspects[name] !== undefined) return [];
      try {
        return [[name, inRole(role)]];
      } catch (error) {
        // Nobody declares it, so nobody need be told that it cannot be read.
        if (error instanceof MalformedPolicyError) return [];
        throw error;
      }
    }),
  );
}

async function readRole(RoleName: string, { iam }: Clients): Promise<IamRole> {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  if (Role === undefined) throw new Error(`GetRole answered without the role ${RoleName}`);
  return Role;
}
