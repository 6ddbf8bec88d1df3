import { aspects } from '../aspects/index.ts';
import type { AspectTrigger } from '../aspects/definition.ts';
import type { IamChangeEvent, Json, ReconcileRequest } from '../model.ts';
import { MalformedPolicyError } from '../errors.ts';
import { isRoleCreation } from '../aspects/made-by.ts';
import { trustPolicy } from '../aspects/trust-policy.ts';
import { parsePolicyText } from '../policy/parse.ts';
import { desiredRole, findDeclaration } from '../spec/desired-role.ts';
import { isPattern } from '../spec/role-name-pattern.ts';
import type { RoleDeclaration, Spec } from '../spec/spec.ts';
import { resolveVariables } from '../spec/variables.ts';

/**
 * Which roles an event says to look at, each once: the one that it names, those whose declaration it concerns, and those
 * of the `holders`, the roles that have its policy attached, whose declaration it concerns for that. Pure.
 * Whether the named role is declared is not asked here: the reconciler answers NOT_CHECKED for the others, at no cost.
 * Which roles a pattern stands for only IAM knows: such a role is found where it is named or among the holders.
 */
export function affectedRoles(
  event: IamChangeEvent,
  spec: Spec,
  holders: readonly string[] = [],
): readonly ReconcileRequest[] {
  const named = event.roleName === null ? [] : [event.roleName];
  const byName = new Map(
    [...concernedRoles(event, spec), ...concernedHolders(event, spec, holders), ...named].map((roleName) => [
      roleName.toLowerCase(),
      roleName,
    ]),
  );
  const createdOpen = isCreatedOpen(event, spec);
  return [...byName.values()].map((roleName) => request(event, roleName, createdOpen));
}

/**
 * The policy of which IAM is to be asked which roles have it attached: one of the account's own that the event may have
 * changed in place. null where no answer could name a role that is not looked at anyway. Pure.
 */
export function policyToAskFor(event: IamChangeEvent, spec: Spec): string | null {
  const { policyArn, accountId } = event;
  if (policyArn === null || policyArn.split(':')[4] !== accountId) return null;
  const isConcerned = whoIs('concerns', event);
  const isConcernedAsHolder = whoIs('concernsHolder', event);
  const isToBeFound = (role: RoleDeclaration) =>
    isConcernedAsHolder(role) && (isPattern(role.name) || !isConcerned(role));
  return spec.roles.some(isToBeFound) ? policyArn : null;
}

function concernedRoles(event: IamChangeEvent, { roles }: Spec): readonly string[] {
  const isConcerned = whoIs('concerns', event);
  return roles.filter((role) => !isPattern(role.name) && isConcerned(role)).map(({ name }) => name);
}

function concernedHolders(event: IamChangeEvent, spec: Spec, holders: readonly string[]): readonly string[] {
  const isConcerned = whoIs('concernsHolder', event);
  return holders.filter((roleName) => {
    const declaration = findDeclaration(spec, roleName);
    return declaration !== null && isConcerned(declaration);
  });
}

/** Whether the event concerns a role, by the word of the aspects that it declares. */
function whoIs(
  question: 'concerns' | 'concernsHolder',
  event: IamChangeEvent,
): (role: RoleDeclaration) => boolean {
  const interested = aspects.flatMap(({ name, triggers }) =>
    triggers
      .filter(isTriggeredBy(event))
      .flatMap(({ [question]: ask }) => (ask === undefined ? [] : [{ name, ask }])),
  );
  // Most events interest no aspect beyond the role that they name, and a spec may hold thousands of roles.
  if (interested.length === 0) return () => false;
  return ({ aspects: declared }) =>
    interested.some(({ name, ask }) => {
      const value = declared[name]?.declared;
      return value !== undefined && ask(event, resolveVariables(value, event));
    });
}

function isTriggeredBy({ eventSource, eventName }: IamChangeEvent) {
  return (trigger: AspectTrigger<Json>) =>
    trigger.eventSource === eventSource && trigger.eventNames.includes(eventName);
}

/** Whom a new role has let in before anybody looked at it is told by the call that created it, and by nothing else. */
function isCreatedOpen(event: IamChangeEvent, spec: Spec): boolean {
  const { eventName, accountId, partition, roleName, requestParameters } = event;
  if (!isRoleCreation(eventName) || roleName === null) return false;
  const ref = { accountId, partition, roleName };
  const declared = desiredRole(spec, ref)?.aspects[trustPolicy.name]?.declared;
  const document = requestParameters['assumeRolePolicyDocument'];
  const trusted = typeof document === 'string' ? readable(document) : null;
  if (declared === undefined || trusted === null) return true;
  return trustPolicy.diff(declared, trusted, ref).some(({ access }) => access.gained.length > 0);
}

/** null for what CloudTrail has cut, or nobody can read: it may let anybody in. */
function readable(document: string): Json {
  try {
    return parsePolicyText(document);
  } catch (error) {
    if (error instanceof MalformedPolicyError) return null;
    throw error;
  }
}

function request(event: IamChangeEvent, roleName: string, createdOpen: boolean): ReconcileRequest {
  const { accountId, partition, eventId, eventName, eventTime, region, actor } = event;
  return {
    role: { accountId, partition, roleName },
    trigger: 'event',
    causes: [{ eventId, eventName, eventTime, region, actor, ...(createdOpen && { createdOpen }) }],
    recheck: 0,
  };
}
