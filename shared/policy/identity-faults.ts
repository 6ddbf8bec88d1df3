import type { Json, JsonObject } from '../model.ts';
import { at, isPresent, listed, type Path, type PolicyFault, refused } from './fault.ts';
import { isList } from './parse.ts';

/** Faults of one statement that only a managed or inline policy can have. */
export function identityStatementFaults(statement: JsonObject, path: Path): PolicyFault[] {
  return [
    ...principalFaults(statement, path),
    ...actionFaults(statement, path),
    ...resourceFaults(statement, path),
    ...sidFaults(statement, path),
  ];
}

function principalFaults(statement: JsonObject, path: Path): PolicyFault[] {
  return ['Principal', 'NotPrincipal']
    .filter((name) => isPresent(statement, name))
    .map((name) =>
      refused(
        at(path, name),
        'a policy of a role names no principal: it is for whoever holds the role',
        'Policy document should not specify a principal.',
        'remove it; who may assume the role stands in trustPolicy',
      ),
    );
}

function actionFaults(statement: JsonObject, path: Path): PolicyFault[] {
  const [given, place] = oneOf(statement, 'Action', 'NotAction', path);
  if (given === null)
    return [refused(path, 'Action is missing', 'Policy statement must contain actions.', 'add Action')];
  return [
    ...both(statement, 'Action', 'NotAction', path),
    ...listed(given, place).flatMap(({ item, path: each }) => actionFault(item, each) ?? []),
  ];
}

function actionFault(action: Json, path: Path): PolicyFault | null {
  if (action === '*') return null;
  const shown = JSON.stringify(action);
  if (typeof action !== 'string')
    return refused(path, `${shown} is no action`, 'Syntax errors in policy.', 'write it like s3:GetObject');
  const [vendor = '', name = '', ...more] = action.split(':');
  if (more.length > 0) {
    return refused(
      path,
      `${shown} is no action`,
      'Actions/Condition can contain only one colon.',
      'write it like s3:GetObject',
    );
  }
  if (name === '') {
    const message = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
    return refused(path, `${shown} is no action`, message, 'write the service too, like s3:GetObject');
  }
  if (/^[\w.-]+$/.test(vendor)) return null;
  return refused(
    path,
    `${JSON.stringify(vendor)} is no service`,
    `Vendor ${vendor} is not valid`,
    'write it like s3:GetObject',
  );
}

function resourceFaults(statement: JsonObject, path: Path): PolicyFault[] {
  const [given, place] = oneOf(statement, 'Resource', 'NotResource', path);
  if (given === null) {
    return [
      refused(
        path,
        'Resource is missing',
        'Policy statement must contain resources.',
        'add Resource; "*" means every resource',
      ),
    ];
  }
  return [
    ...both(statement, 'Resource', 'NotResource', path),
    ...listed(given, place).flatMap(({ item, path: each }) => resourceFault(item, each) ?? []),
  ];
}

function resourceFault(resource: Json, path: Path): PolicyFault | null {
  const shown = typeof resource === 'string' ? resource : JSON.stringify(resource);
  if (typeof resource === 'string' && /^(?:\*+$|arn:|\$\{)/.test(resource)) return null;
  return refused(
    path,
    `${shown} is no resource`,
    `Resource ${shown} must be in ARN format or "*".`,
    'write an ARN, or "*"',
  );
}

// IAM user guide, JSON policy elements: Sid. Trust policies are known to carry other texts.
function sidFaults(statement: JsonObject, path: Path): PolicyFault[] {
  const sid = statement['Sid'] ?? '';
  if (typeof sid !== 'string' || /^[0-9A-Za-z]*$/.test(sid)) return [];
  const message =
    'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*';
  return [
    refused(
      at(path, 'Sid'),
      `the Sid ${JSON.stringify(sid)} holds more than letters and digits`,
      message,
      'use letters and digits only',
    ),
  ];
}

function both(statement: JsonObject, one: string, other: string, path: Path): PolicyFault[] {
  if (!isPresent(statement, one) || !isPresent(statement, other)) return [];
  return [
    refused(
      at(path, other),
      `${one} and ${other} exclude one another`,
      'Syntax errors in policy.',
      'keep one of them',
    ),
  ];
}

/** The element that is given, or else the other, with its place; null where neither says anything. */
function oneOf(statement: JsonObject, one: string, other: string, path: Path): [Json, Path] {
  const name = isPresent(statement, one) ? one : other;
  const given = statement[name] ?? null;
  return [isList(given) && given.length === 0 ? null : given, at(path, name)];
}
