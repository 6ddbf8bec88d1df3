import type { ReconcileRequest } from '../model.ts';

/** Asks for a role to be looked at again later. */
export interface RecheckQueue {
  /** At most 900 seconds, SQS's longest delay. */
  schedule(request: ReconcileRequest, delaySeconds: number): Promise<void>;
}
