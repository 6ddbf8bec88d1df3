import { createHash } from 'node:crypto';

import type { JsonObject } from '../model.ts';
import type { Clock } from '../ports/clock.ts';
import { StateHistory } from './history.ts';
import { operations } from './operations.ts';
import { requireMembers } from './query-protocol.ts';
import { IamRefusal } from './refusal.ts';
import type { OperationSchema } from './schemas.ts';
import { emptyState, type AccountState, type OperationContext, type Place, type Quotas } from './state.ts';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const idLength = 17;

/** Unique ids that look like IAM's, the same in every run, so that a replay can be compared with another. */
function uniqueId(prefix: string, seed: string): string {
  const digest = createHash('sha256').update(seed).digest();
  const letters = [...digest.subarray(0, idLength)].map((byte) => base32.charAt(byte % base32.length));
  return prefix + letters.join('');
}

/** IAM's dates know no milliseconds. */
function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

type Change = (state: AccountState, context: OperationContext) => AccountState;

const unchanged: Change = (state) => state;

interface RunOptions {
  /** Part of the call, and so undone when it is refused. */
  readonly before?: Change;
  /** In place of the account's own. */
  readonly quotas?: Quotas;
  /** `us-east-1` unless said. */
  readonly region?: string;
}

/** The account's state and what happens to it. Each call is atomic: it is done at once, or refused and nothing is changed. */
export class AccountStore {
  readonly place: Place;
  readonly #clock: Clock;
  readonly #history = new StateHistory(emptyState);
  #quotas: Quotas = { PoliciesPerRole: 10, ACLSizePerRole: 2048 };
  #stalenessMs = 0;
  #serial = 0;

  constructor(place: Place, clock: Clock) {
    this.place = place;
    this.#clock = clock;
  }

  get current(): AccountState {
    return this.#history.current;
  }

  get context(): OperationContext {
    return {
      ...this.place,
      quotas: this.#quotas,
      region: 'us-east-1',
      now: wholeSeconds(this.#clock.now()),
      newId: (prefix) => {
        this.#serial += 1;
        return uniqueId(prefix, `${this.place.accountId}/${this.#serial}`);
      },
    };
  }

  setQuota(name: keyof Quotas, value: number): void {
    this.#quotas = { ...this.#quotas, [name]: value };
  }

  setStaleness(milliseconds: number): void {
    this.#stalenessMs = milliseconds;
    this.#history.remember(milliseconds);
  }

  /** @throws {IamRefusal} */
  run(
    schema: OperationSchema,
    input: JsonObject,
    { before = unchanged, ...options }: RunOptions = {},
  ): object {
    const operation = operations.get(schema.name);
    if (operation === undefined) {
      throw new IamRefusal('NotImplemented', `The embedded account does not model ${schema.name}.`);
    }
    requireMembers(schema, input);
    const context = { ...this.context, ...options };
    const now = this.#clock.now().getTime();
    if (operation.kind === 'read') {
      return operation.run(this.#readable(now), input, context);
    }
    const written = operation.run(before(this.current, context), input, context);
    this.#history.add(written.state, now);
    return written.output ?? {};
  }

  /** Without staleness the newest state, even if the clock was set back. */
  #readable(now: number): AccountState {
    return this.#stalenessMs === 0 ? this.current : this.#history.asOf(now - this.#stalenessMs);
  }

  /** How the account has always been: stale reads see it too. */
  seed(change: Change): void {
    this.#history.rewrite(change(this.current, this.context));
  }
}
