import type { Cause, ReconcileRequest } from '../../shared/model.ts';

/** A role to look at once, and the messages that asked for it. */
export interface RoleBatch {
  readonly request: ReconcileRequest;
  readonly messageIds: readonly string[];
  /** One of them was delivered before. */
  readonly isRedelivered: boolean;
}

interface RoleMessage extends Pick<RoleBatch, 'request' | 'isRedelivered'> {
  readonly messageId: string;
}

/** Several messages about one role become one request that carries all their causes. Names ignore case, as in IAM. */
export function groupByRole(messages: readonly RoleMessage[]): readonly RoleBatch[] {
  const batches = new Map<string, RoleBatch>();
  for (const { messageId, request, isRedelivered } of messages) {
    const key = `${request.role.accountId}/${request.role.roleName.toLowerCase()}`;
    const batch = batches.get(key);
    batches.set(
      key,
      batch === undefined
        ? { request, messageIds: [messageId], isRedelivered }
        : {
            request: merged(batch.request, request),
            messageIds: [...batch.messageIds, messageId],
            isRedelivered: batch.isRedelivered || isRedelivered,
          },
    );
  }
  return [...batches.values()];
}

function merged(first: ReconcileRequest, second: ReconcileRequest): ReconcileRequest {
  const causes = new Map<string, Cause>();
  // CloudTrail may deliver an event twice: told once.
  for (const cause of [...first.causes, ...second.causes]) causes.set(cause.eventId, cause);
  return { ...first, causes: [...causes.values()], recheck: Math.min(first.recheck, second.recheck) };
}
