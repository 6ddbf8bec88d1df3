import type { ReconcileReport, RoleRef } from '../model.ts';
import type { Incident, IncidentEntry, IncidentResult, Ledger } from '../ports/ledger.ts';
import { resultOf } from './incident-result.ts';

/** A ledger in this process's memory, for replay and tests; it can be saved and loaded whole. */
export interface MemoryLedger extends Ledger {
  /** All incidents, oldest first. */
  incidents(): readonly Incident[];
}

/** @param saved What `incidents()` of an earlier ledger returned. */
export function memoryLedger(saved: readonly Incident[] = []): MemoryLedger {
  const byId = new Map(saved.map((incident) => [incident.incidentId, incident]));
  const owed = new Set<string>();
  return {
    open: async (entry: IncidentEntry) => {
      const first = byId.get(entry.incidentId);
      owed.add(entry.incidentId);
      byId.set(entry.incidentId, {
        ...entry,
        ...(first === undefined ? {} : { before: first.before, openedAt: first.openedAt }),
        report: null,
        results: first?.results ?? [],
      });
    },
    close: async (incidentId: string, report: ReconcileReport) => {
      const incident = byId.get(incidentId);
      if (incident === undefined) throw new Error(`the ledger holds no incident ${incidentId}`);
      const result = resultOf(report);
      const results = result === null ? incident.results : eachOnce([...incident.results, result]);
      byId.set(incidentId, { ...incident, report, results });
      owed.add(incidentId);
    },
    published: async (incidentId, reportId) => {
      if (byId.get(incidentId)?.report?.id === reportId) owed.delete(incidentId);
    },
    owed: async (role) =>
      [...byId.values()]
        .filter((incident) => owed.has(incident.incidentId) && sameRole(incident.role, role))
        .sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1)),
    get: async (incidentId) => byId.get(incidentId) ?? null,
    list: async (role) =>
      [...byId.values()]
        .filter((incident) => role === undefined || sameRole(incident.role, role))
        .sort((a, b) => (a.openedAt > b.openedAt ? -1 : 1)),
    incidents: () => [...byId.values()],
  };
}

function sameRole(a: RoleRef, b: Pick<RoleRef, 'accountId' | 'roleName'>): boolean {
  return a.accountId === b.accountId && a.roleName.toLowerCase() === b.roleName.toLowerCase();
}

/** Oldest first, and each once: a report that was closed with again, because the answer was lost, is one result. */
function eachOnce(results: readonly IncidentResult[]): readonly IncidentResult[] {
  return [...new Map(results.map((result) => [result.id, result])).values()];
}
