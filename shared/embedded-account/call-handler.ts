import type { JsonObject } from '../model.ts';
import type { Clock } from '../ports/clock.ts';
import { FaultQueue, faultRefusal } from './faults.ts';
import { IamRefusal } from './refusal.ts';
import type { OperationSchema } from './schemas.ts';
import type { AccountStore } from './store.ts';
import type { WireAnswer, WireProtocol, WireRequest } from './wire.ts';

/** An API call as it was received. */
export interface EmbeddedCall {
  readonly operation: string;
  /** What IAM asks permission for, such as `iam:GetRole`. */
  readonly action: string;
  readonly input: JsonObject;
  readonly at: Date;
  /** IAM's error code (`NoSuchEntity`), `Timeout` where the answer was withheld; null if it succeeded or is under way. */
  readonly error: string | null;
}

/** `hang up`: the connection ends without an answer. */
export type Answer = WireAnswer | 'hang up';

/** The answer to whatever a call failed with. */
export function answerToError(error: unknown, protocol: WireProtocol, requestId: string): Answer {
  const refusal =
    error instanceof IamRefusal
      ? error
      : new IamRefusal('InternalFailure', `the embedded account failed: ${String(error)}`);
  return refusal.code === 'Timeout' ? 'hang up' : protocol.writeRefusal(refusal, requestId);
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

  /** @throws {IamRefusal} for what cannot be read as a call of the service's API; all else is an answer. */
  async answer(request: WireRequest, protocol: WireProtocol, requestId: string): Promise<Answer> {
    const { schema, input, region } = protocol.read(request);
    const fail = this.#log(schema, input);
    if (this.latencyMs > 0) await this.#clock.sleep(this.latencyMs);
    const fault = this.faults.take(schema.name, input);
    try {
      if (fault !== null && fault.takesEffect !== true) throw faultRefusal(fault, schema.name);
      const output = this.#store.run(schema, input, { region });
      if (fault !== null) throw faultRefusal(fault, schema.name);
      return protocol.writeOutput(schema, output, requestId);
    } catch (error) {
      fail(error instanceof IamRefusal ? error.code : 'InternalFailure');
      return answerToError(error, protocol, requestId);
    }
  }

  #log({ name, service }: OperationSchema, input: JsonObject): (error: string) => void {
    const action = `${service}:${name}`;
    const call: EmbeddedCall = { operation: name, action, input, at: this.#clock.now(), error: null };
    const index = this.calls.push(call) - 1;
    return (error) => {
      this.calls[index] = { ...call, error };
    };
  }
}
