import type { RoleRef } from '../model.ts';
import type { Approval, Exemption, OperatorControls, Resume } from '../ports/controls.ts';

/** What operators have said, to be saved and loaded. By `account/role` in lower case, and by account. */
export interface SavedControls {
  readonly exemptions: readonly (readonly [string, Exemption])[];
  readonly approvals: readonly (readonly [string, Approval])[];
  readonly resumes: readonly (readonly [string, Resume])[];
}

/** In this process's memory, for replay and tests. */
export interface MemoryControls extends OperatorControls {
  saved(): SavedControls;
}

const nothing: SavedControls = { exemptions: [], approvals: [], resumes: [] };

/** @param earlier What `saved()` of earlier controls returned. */
export function memoryControls(earlier: SavedControls = nothing): MemoryControls {
  const exemptions = new Map(earlier.exemptions);
  const approvals = new Map(earlier.approvals);
  const resumes = new Map(earlier.resumes);
  return {
    of: async (role) => ({
      exemption: exemptions.get(keyOf(role)) ?? null,
      approval: approvals.get(keyOf(role)) ?? null,
      resume: resumes.get(role.accountId) ?? null,
    }),
    exempt: async (role, exemption) => {
      exemptions.set(keyOf(role), exemption);
    },
    approve: async (role, approval) => {
      approvals.set(keyOf(role), approval);
    },
    resume: async (accountId, resume) => {
      resumes.set(accountId, resume);
    },
    saved: () => ({ exemptions: [...exemptions], approvals: [...approvals], resumes: [...resumes] }),
  };
}

function keyOf({ accountId, roleName }: RoleRef): string {
  return `${accountId}/${roleName.toLowerCase()}`;
}
