import type { Json, JsonObject } from '../model.ts';
import { listed, type Path, type PolicyFault, refused } from './fault.ts';
import { isObject } from './parse.ts';

/**
 * Issuers that serve many customers: without a condition on one of these keys anybody's workload could assume the role, and
 * IAM refuses it (IAM user guide, "OIDC federation: secure by default").
 */
const sharedIssuers: Readonly<Record<string, readonly string[]>> = {
  'token.actions.githubusercontent.com': ['sub', 'job_workflow_ref'],
  'gitlab.com': ['sub'],
  'agent.buildkite.com': ['sub'],
  'app.terraform.io': ['sub'],
  'oidc.codefresh.io': ['sub'],
  'scalr.io': ['sub'],
  'proidc.upbound.io': ['sub'],
  'api.pulumi.com/oidc': ['aud'],
  'oidc.vercel.com': ['aud'],
};

/** Faults of a statement that trusts a shared identity provider with nothing to say whose identities are meant. */
export function issuerFaults(statement: JsonObject, path: Path): PolicyFault[] {
  if (statement['Effect'] !== 'Allow' || !isObject(statement['Principal'] ?? null)) return [];
  return federatedOf(statement).flatMap((provider) => issuerFault(provider, statement, path) ?? []);
}

function issuerFault(provider: string, statement: JsonObject, path: Path): PolicyFault | null {
  if (provider === 'cognito-identity.amazonaws.com') {
    if (restrictions(statement).length > 0) return null;
    return refused(
      path,
      'any Cognito identity pool could assume the role',
      'A condition block must be present for the Cognito provider',
      'add StringEquals: {"cognito-identity.amazonaws.com:aud": "<identity pool id>"}',
    );
  }
  const url = provider.split(':oidc-provider/')[1];
  const issuer = Object.keys(sharedIssuers).find((host) => url === host || url?.startsWith(`${host}/`));
  if (url === undefined || issuer === undefined) return null;
  const keys = (sharedIssuers[issuer] ?? []).map((claim) => `${url}:${claim}`);
  const restricted = restrictions(statement).some(
    ({ key, values }) => isNarrow(values) && keys.includes(key),
  );
  if (restricted) return null;
  return refused(
    path,
    `${url} serves everybody: any of its users could assume the role`,
    `The trust policy must evaluate one of ${keys.join(' or ')} which is not scoped to all`,
    `add a condition on ${keys[0] ?? ''} that names your own organisation`,
  );
}

const isNarrow = (values: readonly string[]) =>
  values.length > 0 && values.every((value) => !/^[*?]*$/.test(value));

/** The statement's conditions that demand something, keys in lower case. */
function restrictions(statement: JsonObject): { key: string; values: string[] }[] {
  const condition = statement['Condition'] ?? null;
  if (!isObject(condition)) return [];
  return Object.entries(condition)
    .filter(([operator]) => !/Not|^Null$/i.test(operator))
    .flatMap(([, keys]) => (isObject(keys) ? Object.entries(keys) : []))
    .map(([key, values]) => ({ key: key.toLowerCase(), values: texts(values) }));
}

function federatedOf(statement: JsonObject): string[] {
  const principal = statement['Principal'] ?? null;
  return isObject(principal) ? texts(principal['Federated'] ?? []) : [];
}

function texts(value: Json): string[] {
  return listed(value, [])
    .map(({ item }) => item)
    .filter((item) => typeof item === 'string');
}
