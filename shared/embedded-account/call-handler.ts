import type { JsonObject } from '../model.ts';
import type { Clock } from '../ports/clock.ts';
import { FaultQueue, faultRefusal } from './faults.ts';
import { operationName, readInput, requireOperation, writeOutput, writeRefusal } from './query-protocol.ts';
import { IamRefusal } from './refusal.ts';
import type { AccountStore } from './store.ts';

/** An API call as it was received. */
export interface EmbeddedCall {
  readonly operation: string;
  readonly input: JsonObject;
  readonly at: Date;
  /** IAM's error code (`NoSuchEntity`), `Timeout` where the answer was withheld; null if it succeeded or is under way. */
  readonly error: string | null;
}

/** `hang up`: the connection ends without an answer. */
export type Answer = { readonly status: number; readonly xml: string } | 'hang up';

/** The answer to whatever a call failed with. */
export function answerToError(error: unknown, requestId: string): Answer {
  const refusal =
    error instanceof IamRefusal
      ? error
      : new IamRefusal('InternalFailure', `the embedded account failed: ${String(error)}`);
  return refusal.code === 'Timeout' ? 'hang up' : writeRefusal(refusal, requestId);
}

/** Answers API calls: logs them, delays them, makes them fail on demand, and otherwise does them. */
export class CallHandler {
  /** In the order of arrival. */
  readonly calls: EmbeddedCall[] = [];
  readonly faults = new FaultQueue();
  latencyMs = 0;
  readonly #store: AccountStore;
  readonly #clock: Clock;

  constructor(store: AccountStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** @throws {IamRefusal} for what cannot be read as a call of IAM's API; all else is an answer. */
  async answer(parameters: URLSearchParams, requestId: string): Promise<Answer> {
    const schema = requireOperation(operationName(parameters));
    const input = readInput(schema, parameters);
    const fail = this.#log(schema.name, input);
    if (this.latencyMs > 0) await this.#clock.sleep(this.latencyMs);
    const fault = this.faults.take(schema.name, input);
    try {
      if (fault !== null && fault.takesEffect !== true) throw faultRefusal(fault, schema.name);
      const output = this.#store.run(schema, input);
      if (fault !== null) throw faultRefusal(fault, schema.name);
      return { status: 200, xml: writeOutput(schema, output, requestId) };
    } catch (error) {
      fail(error instanceof IamRefusal ? error.code : 'InternalFailure');
      return answerToError(error, requestId);
    }
  }

  #log(operation: string, input: JsonObject): (error: string) => void {
    const call: EmbeddedCall = { operation, input, at: this.#clock.now(), error: null };
    const index = this.calls.push(call) - 1;
    return (error) => {
      this.calls[index] = { ...call, error };
    };
  }
}
