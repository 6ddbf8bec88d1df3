import { affectedRoles } from '../../shared/cloudtrail/affected-roles.ts';
import { parseIamEvent } from '../../shared/cloudtrail/parse-event.ts';
import { UnreadableEventError } from '../../shared/errors.ts';
import type { ReconcileRequest } from '../../shared/model.ts';
import { recheckRequest } from '../../shared/ports/recheck-message.ts';
import type { Spec } from '../../shared/spec/spec.ts';

/**
 * One SQS body: a CloudTrail event, or our own request for a second look. Answers the roles to look at.
 * @throws {UnreadableEventError} so that the message ends in the dead-letter queue, where its alarm is.
 */
export function readMessage(body: string, spec: Spec): readonly ReconcileRequest[] {
  const message = parseJson(body);
  const recheck = recheckRequest(message);
  if (recheck !== null) return [recheck];
  const parsed = parseIamEvent(message);
  return parsed.kind === 'change' ? affectedRoles(parsed.event, spec) : [];
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new UnreadableEventError('the message is not JSON', { cause });
  }
}
