import { affectedRoles, policyToAskFor } from '../../shared/cloudtrail/affected-roles.ts';
import type { IamChangeEvent, ReconcileRequest } from '../../shared/model.ts';
import type { Telemetry } from '../../shared/ports/telemetry.ts';
import type { ReconcileDeps } from '../../shared/reconciler/reconcile.ts';
import { rolesWithPolicy } from './roles-with-policy.ts';

export interface FindDeps extends Pick<ReconcileDeps, 'spec' | 'clientsFor' | 'recheckQueue'> {
  readonly telemetry: Telemetry;
}

export interface Found {
  /** The roles to look at now. */
  readonly requests: readonly ReconcileRequest[];
  /** false: which others the event concerns is not known yet. Deliver it again. */
  readonly isComplete: boolean;
}

// As many as messages in a batch: one policy may be on hundreds of roles, and an invocation must end in time.
const MOST_AT_ONCE = 5;

/**
 * Finds the roles that events say to look at, each policy asked for once, however many events of the batch name it. Roles
 * beyond the first few are asked for by messages of their own.
 */
export function roleFinder(deps: FindDeps): (event: IamChangeEvent) => Promise<Found> {
  const asked = new Map<string, Promise<readonly string[]>>();
  const holdersOf = async (event: IamChangeEvent): Promise<readonly string[]> => {
    const policyArn = policyToAskFor(event, deps.spec);
    const clients = deps.clientsFor(event.accountId);
    if (policyArn === null || clients === null) return [];
    const answer = asked.get(policyArn) ?? rolesWithPolicy(clients, policyArn);
    asked.set(policyArn, answer);
    return answer;
  };
  return async (event) => {
    const holders = await holdersOf(event).catch((error: unknown) => {
      const { accountId, policyArn, eventId } = event;
      deps.telemetry.error('roles that have the policy could not be listed', {
        accountId,
        policyArn,
        eventIds: [eventId],
        error,
      });
      return null;
    });
    const requests = affectedRoles(event, deps.spec, holders ?? []);
    for (const request of requests.slice(MOST_AT_ONCE)) await deps.recheckQueue.schedule(request, 0);
    return { requests: requests.slice(0, MOST_AT_ONCE), isComplete: holders !== null };
  };
}
