import type { RoleRef } from '../model.ts';
import { unknownRole, type DriftMark, type RoleState, type RoleStates } from '../ports/role-state.ts';

/** All that is remembered, to be saved and loaded. */
export interface SavedRoleStates {
  readonly states: readonly RoleState[];
  readonly marks: readonly DriftMark[];
  /** Account → since when. */
  readonly knownSince: readonly (readonly [string, string])[];
  /** Account and key → incident. */
  readonly spokesmen: readonly (readonly [string, string])[];
}

/** In this process's memory, for replay and tests; it can be saved and loaded whole. */
export interface MemoryRoleStates extends RoleStates {
  saved(): SavedRoleStates;
}

const nothing: SavedRoleStates = { states: [], marks: [], knownSince: [], spokesmen: [] };

/** @param earlier What `saved()` of earlier states returned. */
export function memoryRoleStates(earlier: SavedRoleStates = nothing): MemoryRoleStates {
  const states = new Map(earlier.states.map((state) => [keyOf(state.role), state]));
  const marks = new Map(earlier.marks.map((mark) => [keyOf(mark.role), mark]));
  const knownSince = new Map(earlier.knownSince);
  const spokesmen = new Map(earlier.spokesmen);
  return {
    get: async (role) => states.get(keyOf(role)) ?? unknownRole(role),
    put: async (state) => {
      if ((states.get(keyOf(state.role))?.revision ?? 0) !== state.revision) return false;
      states.set(keyOf(state.role), { ...state, revision: state.revision + 1 });
      return true;
    },
    mark: async (mark) => {
      marks.set(keyOf(mark.role), mark);
    },
    marks: async (accountId) => [...marks.values()].filter(({ role }) => role.accountId === accountId),
    spokesman: async (accountId, key, incidentId) => {
      const place = `${accountId} ${key}`;
      spokesmen.set(place, spokesmen.get(place) ?? incidentId);
      return spokesmen.get(place) ?? incidentId;
    },
    knownSince: async (accountId) => knownSince.get(accountId) ?? null,
    startKnowing: async (accountId, at) => {
      knownSince.set(accountId, knownSince.get(accountId) ?? at);
    },
    saved: () => ({
      states: [...states.values()],
      marks: [...marks.values()],
      knownSince: [...knownSince],
      spokesmen: [...spokesmen],
    }),
  };
}

function keyOf({ accountId, roleName }: Pick<RoleRef, 'accountId' | 'roleName'>): string {
  return `${accountId}/${roleName.toLowerCase()}`;
}
