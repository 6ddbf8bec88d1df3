import type { JsonObject } from '../../shared/model.ts';
import type { Tampering } from '../support/aspect-contract.ts';

/** A call that somebody makes on the role `app`, by its CloudTrail parameters. */
export function calling(eventName: string, parameters: JsonObject = {}): Tampering {
  return (account) => {
    const { applied, refusal } = account.apply({
      eventName,
      requestParameters: { roleName: 'app', ...parameters },
    });
    if (!applied) throw new Error(refusal ?? `${eventName} is not modelled`);
  };
}

/** One after the other. */
export function inTurn(...tamperings: readonly Tampering[]): Tampering {
  return (account) => {
    for (const tamper of tamperings) tamper(account);
  };
}

export const nothing: Tampering = () => {};
