import { authorizationDetailsOperations } from './authorization-details.ts';
import { associationOperations } from './eks-associations.ts';
import { identityProviderOperations } from './identity-providers.ts';
import { instanceProfileOperations } from './instance-profiles.ts';
import { policyOperations } from './policies.ts';
import { policyVersionOperations } from './policy-versions.ts';
import { rolePolicyOperations } from './role-policies.ts';
import { roleOperations } from './roles.ts';
import type { Operation } from './state.ts';
import { userOperations } from './users.ts';

/** THE LIST of what is modelled. Any other operation is refused as not implemented. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    ...roleOperations,
    ...rolePolicyOperations,
    ...policyOperations,
    ...policyVersionOperations,
    ...instanceProfileOperations,
    ...userOperations,
    ...authorizationDetailsOperations,
    ...identityProviderOperations,
    ...associationOperations,
  }),
);
