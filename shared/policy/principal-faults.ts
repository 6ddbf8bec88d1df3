import type { Json } from '../model.ts';
import { ACCOUNT_ID } from './account-id.ts';
import { at, listed, type Path, type PolicyFault, refused } from './fault.ts';
import { isList, isObject, principalTypes } from './parse.ts';
import { isUniqueId } from './unique-id.ts';

const knownWebIdentities = [
  'cognito-identity.amazonaws.com',
  'www.amazon.com',
  'graph.facebook.com',
  'accounts.google.com',
];
// A variable such as ${AWS::AccountId} may stand for the partition, the account, or part of a name.
const variable = String.raw`\$\{AWS::\w+\}`;
const account = `(?:\\d{12}|${variable})`;
const arnsAccount = `(?:${ACCOUNT_ID}|${variable})`;
const arnStart = `arn:(?:aws[a-z-]*|${variable})`;
const awsPrincipal = new RegExp(
  `^(?:\\*|${account}|${arnStart}:iam::${arnsAccount}:(?:root|(?:user|role)/[^*?]+)|${arnStart}:sts::${account}:(?:assumed-role/[^*?/]+/[^*?/]+|federated-user/[^*?]+))$`,
);
const provider = new RegExp(`^${arnStart}:iam::${arnsAccount}:(?:oidc-provider|saml-provider)/[^*?]+$`);
const service = /^[^\s:*?/]+\.[^\s*?/]+$/;

/** Faults of a trust policy's Principal element. Whether a principal exists is not asked: only IAM knows. */
export function principalFaults(principal: Json, path: Path): PolicyFault[] {
  if (principal === '*') {
    return [
      refused(
        path,
        'a trust policy takes no bare "*"',
        'AssumeRolepolicy contained an invalid principal: "STAR":"*"',
        'write {AWS: "*"}, with a Condition that narrows it',
      ),
    ];
  }
  if (!isObject(principal)) {
    const meant = typeof principal === 'string' && principal.includes('.') ? 'Service' : 'AWS';
    const remedy = `write {${meant}: ${typeof principal === 'string' ? JSON.stringify(principal) : '"…"'}}`;
    return [refused(path, 'Principal must be an object', 'Principal must be a JSON object.', remedy)];
  }
  const values = Object.values(principal);
  if (values.length === 0 || values.some((value) => isList(value) && value.length === 0)) {
    return [
      refused(
        path,
        'Principal is empty',
        'Missing required field Principal cannot be empty!',
        'name who may assume the role',
      ),
    ];
  }
  return Object.entries(principal).flatMap(([type, given]) =>
    listed(given, at(path, type)).flatMap(({ item, path: place }) => principalFault(type, item, place) ?? []),
  );
}

function principalFault(type: string, value: Json, path: Path): PolicyFault | null {
  if (!principalTypes.has(type) || type === 'CanonicalUser') {
    return invalid(
      type,
      value,
      path,
      `${type} is no type of principal in a trust policy`,
      'use AWS, Service or Federated',
    );
  }
  if (typeof value === 'number') {
    return invalid(
      type,
      value,
      path,
      'an account id must be text: as a number it loses its leading zeros',
      'write it in quotes, with all 12 digits',
    );
  }
  if (typeof value !== 'string')
    return invalid(type, value, path, 'a principal must be text', 'write it in quotes');
  if (type === 'Service') {
    if (service.test(value)) return null;
    return invalid(
      type,
      value,
      path,
      `${JSON.stringify(value)} is no service principal`,
      'write it like ec2.amazonaws.com',
    );
  }
  if (type === 'Federated') return federatedFault(value, path);
  if (awsPrincipal.test(value) || isUniqueId(value)) return null;
  const remedy = /[*?]/.test(value)
    ? 'name roles and users in full; for many, name the account and narrow it with an aws:PrincipalArn condition'
    : 'write a 12-digit account id in quotes, or the ARN of a role, a user or a session';
  return invalid(type, value, path, `${JSON.stringify(value)} is no AWS principal`, remedy);
}

function federatedFault(value: string, path: Path): PolicyFault | null {
  if (provider.test(value) || knownWebIdentities.includes(value)) return null;
  return refused(
    path,
    `${JSON.stringify(value)} is no identity provider`,
    'Federated principals must be valid domain names or SAML metadata ARNs',
    'write the ARN of an OIDC or SAML provider',
  );
}

// IAM's texts write Service in capitals here: "SERVICE":"lambda.amazonaws.com.cn".
function invalid(type: string, value: Json, path: Path, message: string, remedy: string): PolicyFault {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  const named = type === 'Service' ? 'SERVICE' : type;
  return refused(path, message, `Invalid principal in policy: "${named}":"${shown}"`, remedy);
}
