import { IAMClient, paginateListRoles } from '@aws-sdk/client-iam';

import type { RoleDirectory } from '../ports/role-directory.ts';

// ListRoles' largest page (https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html).
const PAGE_SIZE = 1000;

/** The roles of the account that the credentials belong to. */
export function iamRoleDirectory(): RoleDirectory {
  const client = new IAMClient({});
  return {
    async *roleNames() {
      for await (const { Roles = [] } of paginateListRoles({ client, pageSize: PAGE_SIZE }, {}))
        yield Roles.flatMap(({ RoleName }) => RoleName ?? []);
    },
  };
}
