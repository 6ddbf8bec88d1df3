import { parseIamEvent } from '../../shared/cloudtrail/parse-event.ts';
import { UnreadableEventError } from '../../shared/errors.ts';
import type { IamChangeEvent, ReconcileRequest } from '../../shared/model.ts';
import { recheckRequest } from '../../shared/ports/recheck-message.ts';

export type Message =
  | { readonly kind: 'change'; readonly event: IamChangeEvent }
  | { readonly kind: 'look'; readonly request: ReconcileRequest }
  | { readonly kind: 'ignored' };

/**
 * One SQS body: a CloudTrail event, or our own request for a look at a role.
 * @throws {UnreadableEventError} so that the message ends in the dead-letter queue, where its alarm is.
 */
export function readMessage(body: string): Message {
  const message = parseJson(body);
  const request = recheckRequest(message);
  return request === null ? parseIamEvent(message) : { kind: 'look', request };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new UnreadableEventError('the message is not JSON', { cause });
  }
}
