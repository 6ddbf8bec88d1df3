import type { ReconcileReport } from '../model.ts';

/** Where finished reports go. */
export interface ReportSink {
  publish(report: ReconcileReport): Promise<void>;
}
