import type { Deliveries } from '../ports/deliveries.ts';

const key = (channel: string, reportId: string) => JSON.stringify([channel, reportId]);

/** In this process's memory, for tests. */
export function memoryDeliveries(): Deliveries {
  const told = new Set<string>();
  return {
    told: async (channel, reportIds) => new Set(reportIds.filter((id) => told.has(key(channel, id)))),
    record: async (channel, reportIds) => {
      for (const id of reportIds) told.add(key(channel, id));
    },
  };
}
