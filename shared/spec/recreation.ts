import type { DesiredAspect, Recreation } from '../model.ts';
import type { RoleEntry, Settings } from './loose-spec.ts';
import { isPattern } from './role-name-pattern.ts';
import type { FaultDraft } from './spec-fault.ts';

// A deployment that replaces a role deletes it first, and creates it some minutes later.
const AFTER_MINUTES = 15;

/** Whether, and when, the role is created again; null where its deletion is only told. The defaults reach no patterns. */
export function recreationOf(entry: RoleEntry, defaults: Settings): Recreation | null {
  const inherited = isPattern(entry.name ?? '') ? null : defaults.whenDeleted;
  if ((entry.whenDeleted ?? inherited) !== 'recreate') return null;
  return {
    afterMinutes: entry.recreateAfterMinutes ?? defaults.recreateAfterMinutes ?? AFTER_MINUTES,
  };
}

/** Why a role that shall be created again cannot be. */
export function recreationFaults(
  entry: RoleEntry,
  aspects: Readonly<Record<string, DesiredAspect>>,
  at: FaultDraft['path'],
): readonly FaultDraft[] {
  const path = entry.whenDeleted === null ? at : [...at, 'whenDeleted'];
  if (isPattern(entry.name ?? ''))
    return [
      {
        path,
        message: 'a pattern may stand for any name, and whoever deletes a role of it would have it created',
        remedy: 'declare the roles by their names, or leave whenDeleted out',
      },
    ];
  if (aspects['trustPolicy'] === undefined)
    return [
      {
        path,
        message: 'no trust policy is declared, and IAM creates no role without one',
        remedy: 'declare trustPolicy, or say whenDeleted: report',
      },
    ];
  return [];
}
