import { aspects } from '../aspects/index.ts';
import type { IamChangeEvent, ReconcileRequest } from '../model.ts';
import { isPattern } from '../spec/role-name-pattern.ts';
import type { Spec } from '../spec/spec.ts';
import { resolveVariables } from '../spec/variables.ts';

/**
 * Which roles an event says to look at, each once: the one that it names, and those whose declaration it concerns. Pure.
 * Whether the named role is declared is not asked here: the reconciler answers NOT_CHECKED for the others, at no cost.
 * The others are found by exact names only: which roles a pattern stands for is not known without asking IAM.
 */
export function affectedRoles(event: IamChangeEvent, spec: Spec): readonly ReconcileRequest[] {
  const named = event.roleName === null ? [] : [event.roleName];
  const byName = new Map(
    [...concernedRoles(event, spec), ...named].map((roleName) => [roleName.toLowerCase(), roleName]),
  );
  return [...byName.values()].map((roleName) => request(event, roleName));
}

function concernedRoles(event: IamChangeEvent, { roles }: Spec): readonly string[] {
  const interested = aspects.flatMap(({ name, triggers }) =>
    triggers
      .filter(
        ({ eventSource, eventNames }) =>
          eventSource === event.eventSource && eventNames.includes(event.eventName),
      )
      .flatMap(({ concerns }) => (concerns === undefined ? [] : [{ name, concerns }])),
  );
  // Most events interest no aspect beyond the role that they name, and a spec may hold thousands of roles.
  if (interested.length === 0) return [];
  return roles
    .filter(
      ({ name, aspects: declared }) =>
        !isPattern(name) &&
        interested.some((aspect) => {
          const value = declared[aspect.name]?.declared;
          return value !== undefined && aspect.concerns(event, resolveVariables(value, event));
        }),
    )
    .map(({ name }) => name);
}

function request(event: IamChangeEvent, roleName: string): ReconcileRequest {
  const { accountId, partition, eventId, eventName, eventTime, region, actor } = event;
  return {
    role: { accountId, partition, roleName },
    trigger: 'event',
    causes: [{ eventId, eventName, eventTime, region, actor }],
    recheck: 0,
  };
}
