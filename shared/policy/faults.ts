import type { Json, JsonObject } from '../model.ts';
import { conditionFaults } from './condition-faults.ts';
import { at, isPresent, type Path, type PolicyFault, refused } from './fault.ts';
import { identityStatementFaults } from './identity-faults.ts';
import { documentElements, isList, isObject, type PolicyKind, statementElements } from './parse.ts';
import { trustStatementFaults } from './trust-faults.ts';

export type { PolicyFault } from './fault.ts';

const versions = ['2012-10-17', '2008-10-17'];

/**
 * The longest that any account may be granted, white space not counted (IAM quotas: role trust policy length; inline
 * policies of a role together). The default for trust policies is 2,048.
 */
export const sizeLimits: Readonly<
  Record<PolicyKind, { readonly quota: string; readonly characters: number }>
> = {
  trust: { quota: 'ACLSizePerRole', characters: 8192 },
  identity: { quota: 'InlinePolicySizePerRole', characters: 10_240 },
};

/**
 * Everything for which IAM would refuse the document, in the order in which IAM is thought to look: the first is what it
 * answers. Strings may hold `${AWS::…}` variables. Empty means: IAM takes it, if the principals exist.
 */
export function policyFaults(document: Json, kind: PolicyKind): readonly PolicyFault[] {
  if (!isObject(document)) {
    return [
      refused(
        [],
        'a policy document must be an object',
        'Syntax errors in policy.',
        'write {"Version": …, "Statement": […]}',
      ),
    ];
  }
  return [
    ...characterFaults(document),
    ...documentFaults(document, kind),
    ...statementsOf(document).flatMap(({ statement, path }) => statementFaults(statement, path, kind)),
    ...duplicateSids(document, kind),
    ...sizeFaults(document, kind),
  ];
}

function documentFaults(document: JsonObject, kind: PolicyKind): PolicyFault[] {
  const faults = unknownElements(document, documentElements, []);
  const version = document['Version'];
  if (version !== undefined && !(typeof version === 'string' && versions.includes(version))) {
    const message =
      kind === 'trust'
        ? 'The policy must contain a valid version string'
        : 'Policy document must be version 2012-10-17 or greater.';
    faults.push(
      refused(
        ['Version'],
        `${JSON.stringify(version)} is no policy version`,
        message,
        'write Version: "2012-10-17", in quotes',
      ),
    );
  }
  if (kind === 'identity' && isPresent(document, 'Id')) {
    faults.push(refused(['Id'], 'Id is for resource policies', 'Syntax errors in policy.', 'remove Id'));
  }
  const given = document['Statement'] ?? null;
  if (given === null || (isList(given) && given.length === 0)) {
    faults.push(
      refused(
        ['Statement'],
        'there is no statement',
        'Could not parse the policy: Statement is empty!',
        'add a statement',
      ),
    );
  }
  return faults;
}

function statementFaults(statement: Json, path: Path, kind: PolicyKind): PolicyFault[] {
  if (!isObject(statement)) {
    return [
      refused(
        path,
        'a statement must be an object',
        'Syntax errors in policy.',
        'write {"Effect": …, "Action": …}',
      ),
    ];
  }
  const own = kind === 'trust' ? trustStatementFaults : identityStatementFaults;
  return [
    ...unknownElements(statement, statementElements, path),
    ...effectFaults(statement, path),
    ...sidFaults(statement, path),
    ...own(statement, path),
    ...conditionFaults(statement, path),
  ];
}

function effectFaults(statement: JsonObject, path: Path): PolicyFault[] {
  const effect = statement['Effect'] ?? null;
  if (effect === 'Allow' || effect === 'Deny') return [];
  if (effect === null) {
    return [
      refused(path, 'Effect is missing', 'Missing required field Effect', 'add Effect: Allow, or Deny'),
    ];
  }
  const spelled = typeof effect === 'string' ? effect : JSON.stringify(effect);
  return [
    refused(
      at(path, 'Effect'),
      `${spelled} is no effect`,
      `Invalid effect: ${spelled}`,
      'write Allow or Deny, with a capital letter',
    ),
  ];
}

function sidFaults(statement: JsonObject, path: Path): PolicyFault[] {
  const sid = statement['Sid'] ?? '';
  if (typeof sid === 'string') return [];
  return [refused(at(path, 'Sid'), 'Sid must be text', 'Syntax errors in policy.', 'write it in quotes')];
}

function unknownElements(object: JsonObject, known: ReadonlySet<string>, path: Path): PolicyFault[] {
  return Object.keys(object)
    .filter((name) => !known.has(name))
    .map((name) => {
      const meant = [...known].find((candidate) => candidate.toLowerCase() === name.toLowerCase());
      const remedy = meant === undefined ? `remove it; known are ${[...known].join(', ')}` : `write ${meant}`;
      return refused(
        at(path, name),
        `${JSON.stringify(name)} is no element of a policy`,
        `Unknown field ${name}`,
        remedy,
      );
    });
}

function duplicateSids(document: JsonObject, kind: PolicyKind): PolicyFault[] {
  const seen = new Set<string>();
  const faults: PolicyFault[] = [];
  for (const { statement, path } of statementsOf(document)) {
    const sid = isObject(statement) ? statement['Sid'] : undefined;
    if (typeof sid !== 'string' || sid === '') continue;
    if (seen.has(sid)) {
      const message =
        kind === 'trust'
          ? 'The Statement Ids in the policy are not unique'
          : 'Statement IDs (SID) in a single policy must be unique.';
      faults.push(
        refused(
          at(path, 'Sid'),
          `the Sid ${JSON.stringify(sid)} is used twice`,
          message,
          'give each statement its own Sid, or none',
        ),
      );
    }
    seen.add(sid);
  }
  return faults;
}

/** How long IAM counts a document: without white space. A lower bound while variables are unresolved. */
export function policyLength(document: Json): number {
  return JSON.stringify(document).replace(/[ \t\n\r]/g, '').length;
}

function sizeFaults(document: JsonObject, kind: PolicyKind): PolicyFault[] {
  const { quota, characters } = sizeLimits[kind];
  const length = policyLength(document);
  if (length <= characters) return [];
  return [
    {
      path: [],
      message: `it is ${length} characters long, and no account may have more than ${characters}`,
      iamCode: 'LimitExceeded',
      iamMessage: `Cannot exceed quota for ${quota}: ${characters}`,
      remedy:
        kind === 'trust'
          ? 'name accounts or an organisation instead of many principals'
          : 'split it into managed policies',
    },
  ];
}

/** IAM's API model takes tab, line feed, carriage return and U+0020 to U+00FF. */
function characterFaults(document: JsonObject): PolicyFault[] {
  // oxlint-disable-next-line no-control-regex
  const odd = /[^\u0020-\u00ff]/.exec(JSON.stringify(document))?.[0];
  if (odd === undefined) return [];
  return [
    {
      path: [],
      message: `it holds the character U+${(odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
      iamCode: 'ValidationError',
      iamMessage:
        'The specified value for policyDocument is invalid. It must contain only printable ASCII characters.',
      remedy: 'use characters up to U+00FF only',
    },
  ];
}

function statementsOf(document: JsonObject): { statement: Json; path: Path }[] {
  const given = document['Statement'] ?? null;
  if (given === null) return [];
  return isList(given)
    ? given.map((statement, index) => ({ statement, path: ['Statement', index] }))
    : [{ statement: given, path: ['Statement'] }];
}
