import { ListEntitiesForPolicyCommand, type ListEntitiesForPolicyCommandOutput } from '@aws-sdk/client-iam';

import { awsErrorCode } from '../../shared/errors.ts';
import type { Clients } from '../../shared/ports/clients.ts';

/**
 * The names of the roles that have the policy attached; none where there is no such policy. Roles that it bounds are not
 * among them: of a boundary it is declared which it is, not what it says.
 */
export async function rolesWithPolicy({ iam }: Clients, PolicyArn: string): Promise<readonly string[]> {
  const names: string[] = [];
  let Marker: string | undefined;
  try {
    do {
      const page: ListEntitiesForPolicyCommandOutput = await iam.send(
        new ListEntitiesForPolicyCommand({
          PolicyArn,
          EntityFilter: 'Role',
          PolicyUsageFilter: 'PermissionsPolicy',
          Marker,
        }),
      );
      for (const { RoleName } of page.PolicyRoles ?? []) if (RoleName !== undefined) names.push(RoleName);
      Marker = page.IsTruncated === true ? page.Marker : undefined;
    } while (Marker !== undefined);
  } catch (error) {
    if (awsErrorCode(error) === 'NoSuchEntity') return [];
    throw error;
  }
  return names;
}
