import type { Json, JsonObject } from '../model.ts';
import { at, isPresent, listed, type Path, type PolicyFault, refused } from './fault.ts';
import { issuerFaults } from './issuer-faults.ts';
import { isList } from './parse.ts';
import { principalFaults } from './principal-faults.ts';

const trustActions: ReadonlySet<string> = new Set([
  'sts:assumerole',
  'sts:assumerolewithsaml',
  'sts:assumerolewithwebidentity',
  'sts:tagsession',
  'sts:setsourceidentity',
  'sts:setcontext',
]);
const onlyAssumeRole = 'AssumeRole policy may only specify STS AssumeRole actions.';

/** Faults of one statement that only a trust policy can have. */
export function trustStatementFaults(statement: JsonObject, path: Path): PolicyFault[] {
  return [
    ...resourceFaults(statement, path),
    ...principalElementFaults(statement, path),
    ...actionFaults(statement, path),
    ...issuerFaults(statement, path),
  ];
}

function resourceFaults(statement: JsonObject, path: Path): PolicyFault[] {
  const faults: PolicyFault[] = [];
  const remedy = isIdentityStatement(statement)
    ? identityRemedy(statement)
    : 'remove it: the resource of a trust policy is the role itself';
  if (isPresent(statement, 'Resource')) {
    faults.push(
      refused(
        at(path, 'Resource'),
        'a trust policy has no Resource',
        'Has prohibited field Resource',
        remedy,
      ),
    );
  }
  if (isPresent(statement, 'NotResource')) {
    faults.push(
      refused(
        at(path, 'NotResource'),
        'a trust policy has no NotResource',
        'AssumeRole policy must not contain resources.',
        remedy,
      ),
    );
  }
  return faults;
}

function principalElementFaults(statement: JsonObject, path: Path): PolicyFault[] {
  if (isPresent(statement, 'NotPrincipal')) {
    return [
      refused(
        at(path, 'NotPrincipal'),
        'a trust policy may not use NotPrincipal',
        'AssumeRole policy must not contain NotPrincipal field.',
        'name who may assume the role in Principal, and narrow it with a Condition',
      ),
    ];
  }
  if (isPresent(statement, 'Principal'))
    return principalFaults(statement['Principal'] ?? null, at(path, 'Principal'));
  const remedy = isIdentityStatement(statement)
    ? identityRemedy(statement)
    : 'say who may assume the role, such as Principal: {Service: ec2.amazonaws.com}';
  return [refused(path, 'Principal is missing', 'Missing required field Principal', remedy)];
}

function actionFaults(statement: JsonObject, path: Path): PolicyFault[] {
  const remedy = isIdentityStatement(statement)
    ? identityRemedy(statement)
    : 'use sts:AssumeRole, sts:AssumeRoleWithWebIdentity, sts:AssumeRoleWithSAML, sts:TagSession, sts:SetSourceIdentity or sts:SetContext';
  if (isPresent(statement, 'NotAction')) {
    return [refused(at(path, 'NotAction'), 'a trust policy may not use NotAction', onlyAssumeRole, remedy)];
  }
  const given = statement['Action'] ?? null;
  if (given === null || (isList(given) && given.length === 0)) {
    return [refused(path, 'Action is missing', 'Missing required field Action', remedy)];
  }
  return listed(given, at(path, 'Action')).flatMap(({ item, path: place }) =>
    typeof item === 'string' && trustActions.has(item.toLowerCase())
      ? []
      : [refused(place, `${JSON.stringify(item)} is no action of a trust policy`, onlyAssumeRole, remedy)],
  );
}

/** What a role may do, written where it belongs to say who may assume it: a common mix-up. */
function isIdentityStatement(statement: JsonObject): boolean {
  return (
    !isPresent(statement, 'Principal') &&
    !isPresent(statement, 'NotPrincipal') &&
    !onlyTrustActions(statement)
  );
}

function onlyTrustActions(statement: JsonObject): boolean {
  return (
    actionsOf(statement).every((action) => trustActions.has(action.toLowerCase())) &&
    !isPresent(statement, 'Resource')
  );
}

function identityRemedy(statement: JsonObject): string {
  const explained =
    'this is an identity policy (what the role may do), not a trust policy (who may assume it): ' +
    'put it into a managed policy or under inlinePolicies, and let the trust policy name a Principal';
  const forPodIdentity = actionsOf(statement).some(
    (action) => action.toLowerCase() === 'eks-auth:assumeroleforpodidentity',
  );
  return forPodIdentity
    ? `${explained}; eks-auth:AssumeRoleForPodIdentity is what a node role may do, its trust policy names ec2.amazonaws.com (preset eks-node-restricted)`
    : explained;
}

function actionsOf(statement: JsonObject): string[] {
  const given: Json = statement['Action'] ?? [];
  return (isList(given) ? given : [given]).filter((item) => typeof item === 'string');
}
