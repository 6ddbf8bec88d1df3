import * as z from 'zod/mini';

import type { ReconcileReport } from '../../shared/model.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import { reportEventSchema } from '../../shared/report-schema.ts';

const envelope = z.object({ detail: reportEventSchema });

/**
 * The report in one SQS body, an event from the bus. One that was too large for an event is read from the ledger; where the
 * ledger has gone on to a later report of the incident, what the event holds is told, or else that later report.
 */
export async function readReport(body: string, ledger: Pick<Ledger, 'get'>): Promise<ReconcileReport> {
  const { detail } = z.parse(envelope, JSON.parse(body));
  if (!('truncated' in detail)) return detail;
  const kept = (await ledger.get(detail.truncated.fullReport.ledger.incidentId))?.report ?? null;
  if (kept?.id === detail.id) return kept;
  if ('drift' in detail) {
    const { truncated: _, ...rest } = detail;
    return rest;
  }
  if (kept === null)
    throw new Error(`report ${detail.id} was too large for its event, and the ledger does not hold it`);
  return { ...kept, id: detail.id };
}
