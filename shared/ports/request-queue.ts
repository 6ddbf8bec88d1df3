import type { ReconcileRequest } from '../model.ts';

/** Asks for roles to be looked at, each by its own message. */
export interface RequestQueue {
  send(requests: readonly ReconcileRequest[]): Promise<void>;
}
