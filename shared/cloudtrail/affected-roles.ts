import { aspects } from '../aspects/index.ts';
import type { IamChangeEvent, ReconcileRequest } from '../model.ts';
import { isPattern } from '../spec/role-name-pattern.ts';
import type { RoleDeclaration, Spec } from '../spec/spec.ts';
import { resolveVariables } from '../spec/variables.ts';

/**
 * Which roles an event says to look at, each once: the one that it names, and those whose declaration it concerns. Pure.
 * Whether the named role is declared is not asked here: the reconciler answers NOT_CHECKED for the others, at no cost.
 * The others are found by exact names only: which roles a pattern stands for is not known without asking IAM.
 */
export function affectedRoles(event: IamChangeEvent, spec: Spec): readonly ReconcileRequest[] {
  const named = event.roleName === null ? [] : [event.roleName];
  const concerned = spec.roles
    .filter((declaration) => !isPattern(declaration.name) && isConcerned(declaration, event))
    .map(({ name }) => name);
  const byName = new Map([...concerned, ...named].map((roleName) => [roleName.toLowerCase(), roleName]));
  return [...byName.values()].map((roleName) => request(event, roleName));
}

function isConcerned(declaration: RoleDeclaration, event: IamChangeEvent): boolean {
  return aspects.some(({ name, triggers }) => {
    const declared = declaration.aspects[name]?.declared;
    return (
      declared !== undefined &&
      triggers.some(
        ({ eventSource, eventNames, concerns }) =>
          concerns !== undefined &&
          eventSource === event.eventSource &&
          eventNames.includes(event.eventName) &&
          concerns(event, resolveVariables(declared, event)),
      )
    );
  });
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
