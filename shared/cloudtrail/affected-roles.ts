import type { IamChangeEvent, ReconcileRequest } from '../model.ts';

/**
 * Which roles an event says to look at. Pure. Whether a role is declared is not asked here: the reconciler answers
 * NOT_CHECKED for the others, at no cost.
 */
export function affectedRoles(event: IamChangeEvent): readonly ReconcileRequest[] {
  if (event.roleName === null) return [];
  const { accountId, partition, roleName, eventId, eventName, eventTime, region, actor } = event;
  return [
    {
      role: { accountId, partition, roleName },
      trigger: 'event',
      causes: [{ eventId, eventName, eventTime, region, actor }],
      recheck: 0,
    },
  ];
}
