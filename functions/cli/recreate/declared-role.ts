import { paginateListInstanceProfilesForRole } from '@aws-sdk/client-iam';

import { systemClock } from '../../../shared/aws/system-clock.ts';
import type { EmbeddedRole } from '../../../shared/embedded-account/account.ts';
import type { AssociationRecord } from '../../../shared/embedded-account/state.ts';
import { startEmbeddedAccount } from '../../../shared/embedded-account/server.ts';
import { desiredRole } from '../../../shared/spec/desired-role.ts';
import type { Spec } from '../../../shared/spec/spec.ts';
import { clientsAt } from '../replay/accounts.ts';
import { seedRoles } from '../seed-account.ts';
import { UsageError } from '../usage-error.ts';

/** A role as it would be if the product had made it, and what it is part of. */
export interface DeclaredRole {
  readonly role: EmbeddedRole;
  readonly instanceProfiles: readonly string[];
  /** EKS Pod Identity associations that hand it out. */
  readonly associations: readonly AssociationRecord[];
}

/**
 * Has the product's own reconciler make the role in an embedded account: whatever aspect is declared is made as it is
 * put back in a real one.
 * @throws {UsageError} if the spec declares no such role, or one that cannot be made.
 */
export async function declaredRole(
  spec: Spec,
  {
    accountId,
    partition,
    typedName,
  }: { readonly accountId: string; readonly partition: string; readonly typedName: string },
): Promise<DeclaredRole> {
  const desired = desiredRole(spec, { accountId, partition, roleName: typedName });
  if (desired === null) throw new UsageError(`recreate: ${spec.file} declares no role ${typedName}`);
  // As the spec spells it: what is typed may differ in case.
  const { roleName } = desired.ref;
  const account = await startEmbeddedAccount({ accountId, partition });
  const clients = clientsAt(account.endpoint);
  try {
    const problems = await seedRoles(account, spec, [roleName], { clients, clock: systemClock });
    const role = account.role(roleName);
    if (role === null || problems.length > 0)
      throw new UsageError(`recreate: ${problems.join('; ') || `${roleName} could not be made`}`);
    const instanceProfiles: string[] = [];
    for await (const page of paginateListInstanceProfilesForRole(
      { client: clients.iam },
      { RoleName: roleName },
    ))
      instanceProfiles.push(
        ...(page.InstanceProfiles ?? []).flatMap(({ InstanceProfileName }) => InstanceProfileName ?? []),
      );
    const associations = account.associations().filter(({ roleArn }) => roleArn === role.arn);
    return { role, instanceProfiles, associations };
  } finally {
    clients.destroy();
    await account.close();
  }
}
