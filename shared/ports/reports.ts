import type { ReconcileReport } from '../model.ts';

/** Where finished reports go. */
export interface ReportSink {
  /** People are to be told. */
  publish(report: ReconcileReport): Promise<void>;
  /** People know already, or another report tells them. */
  repeat(report: ReconcileReport): Promise<void>;
}
