import type { JsonObject } from '../model.ts';
import { IamRefusal } from './refusal.ts';

/** Something that goes wrong on demand. */
export interface Fault {
  /** Any operation, unless said. */
  readonly operation?: string;
  /** IAM's error code, or `Timeout`: the connection ends without an answer. */
  readonly error: 'Throttling' | 'AccessDenied' | 'ServiceFailure' | 'Timeout' | (string & {});
  readonly message?: string;
  /** How many calls suffer it: one unless said, `Infinity` for all. */
  readonly times?: number;
  /** Only calls with such an input. */
  readonly when?: (input: JsonObject) => boolean;
  /** The call is done all the same, and only its answer is lost or wrong. */
  readonly takesEffect?: boolean;
}

const messages: ReadonlyMap<string, string> = new Map([
  ['Throttling', 'Rate exceeded'],
  ['ServiceFailure', 'An internal error occurred. Please try again later.'],
  ['ServiceUnavailable', 'Service is temporarily unavailable. Please try again later.'],
]);

/** What IAM would say, in its own words where it always says the same. */
export function faultRefusal({ error, message }: Fault, operation: string): IamRefusal {
  const denied = error === 'AccessDenied' ? `User is not authorized to perform: iam:${operation}` : undefined;
  return new IamRefusal(error, message ?? denied ?? messages.get(error) ?? `${error} on demand`);
}

/** The faults that are still to come, oldest first. */
export class FaultQueue {
  #pending: readonly { readonly fault: Fault; readonly left: number }[] = [];

  inject(fault: Fault): void {
    this.#pending = [...this.#pending, { fault, left: fault.times ?? 1 }];
  }

  clear(): void {
    this.#pending = [];
  }

  /** The fault that this call suffers, used up by it; null if none. */
  take(operation: string, input: JsonObject): Fault | null {
    const hit = this.#pending.find(
      ({ fault }) =>
        (fault.operation === undefined || fault.operation === operation) && (fault.when?.(input) ?? true),
    );
    if (hit === undefined) return null;
    this.#pending = this.#pending
      .map((entry) => (entry === hit ? { ...entry, left: entry.left - 1 } : entry))
      .filter(({ left }) => left > 0);
    return hit.fault;
  }
}
