import type { NormalizedSchema } from '@smithy/core/schema';

import type { Json, JsonObject } from '../model.ts';
import { parsePolicyText } from '../policy/parse.ts';
import { isUniqueId } from '../policy/unique-id.ts';
import { isList, isObject, optionalText } from './input.ts';
import { operations } from './operations.ts';
import { addPrincipal, namedPrincipals } from './principals.ts';
import { IamRefusal } from './refusal.ts';
import { operationSchema } from './schemas.ts';
import { ensureCluster, ensureRoleOfArn } from './eks-seeds.ts';
import {
  ensureDeletablePolicy,
  ensureDeletableRole,
  ensureEmptyProfile,
  ensureNoPolicy,
  ensureProfile,
} from './preconditions.ts';
import { ensurePolicy, ensurePolicyVersion, ensurePrincipals, ensureRole, seedProvider } from './seeds.ts';
import type { AccountState, OperationContext, Quotas } from './state.ts';
import type { AccountStore } from './store.ts';

/** A CloudTrail record, as far as it matters here. */
export interface RecordedCall {
  readonly eventName: string;
  readonly requestParameters: JsonObject;
  /** `us-east-1` unless said. */
  readonly region?: string;
}

export interface Applied {
  readonly applied: boolean;
  /** IAM's message, where it would not do this to the account as it is now; the account is as it was. */
  readonly refusal: string | null;
  /** false: the account does not know such a call. */
  readonly modelled: boolean;
}

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

function toMember(schema: NormalizedSchema, value: Json): Json {
  if (schema.isStructSchema()) return isObject(value) ? toMembers(schema, value) : {};
  if (schema.isListSchema()) {
    return (isList(value) ? value : [value]).map((item) => toMember(schema.getValueSchema(), item));
  }
  if (schema.isBooleanSchema()) return value === true || value === 'true';
  if (schema.isNumericSchema()) return Number(value);
  return asText(value);
}

/** CloudTrail writes `roleName` for `RoleName`; which of the rest is upper case it does not always take from the API. */
function toMembers(schema: NormalizedSchema, parameters: JsonObject): JsonObject {
  const byName = new Map(Object.entries(parameters).map(([name, value]) => [name.toLowerCase(), value]));
  const members: [string, Json][] = [];
  for (const [name, member] of schema.structIterator()) {
    const value = byName.get(name.toLowerCase());
    if (value !== undefined && value !== null) members.push([name, toMember(member, value)]);
  }
  return Object.fromEntries(members);
}

function trustPolicyIn(eventName: string, input: JsonObject): Json {
  const name = eventName === 'UpdateAssumeRolePolicy' ? 'PolicyDocument' : 'AssumeRolePolicyDocument';
  const text = optionalText(input, name);
  try {
    return text === null ? null : parsePolicyText(text);
  } catch {
    // The call itself will be refused for it.
    return null;
  }
}

/**
 * A call that succeeded names only what existed, so all of it exists here too; except the role, which is the subject:
 * unless it was put into an instance profile, which then existed, and was empty. What could be deleted was not in use, and a
 * policy that could be created was not there.
 */
function ensureNamed(
  state: AccountState,
  eventName: string,
  input: JsonObject,
  context: OperationContext,
): AccountState {
  const clusterName = optionalText(input, 'clusterName');
  if (clusterName !== null)
    return ensureRoleOfArn(
      ensureCluster(state, clusterName, context.region),
      optionalText(input, 'roleArn'),
      context,
    );
  if (eventName === 'DeleteRole') return ensureDeletableRole(state, optionalText(input, 'RoleName') ?? '');
  const trustPolicy = trustPolicyIn(eventName, input);
  let ensured = ensurePrincipals(state, trustPolicy, context);
  for (const id of namedPrincipals(trustPolicy).filter(isUniqueId)) {
    // Whose id it was is not known, so it is shown as it is.
    if (!ensured.principals.arnOf.has(id)) ensured = addPrincipal(ensured, id, id);
  }
  for (const name of ['PolicyArn', 'PermissionsBoundary']) {
    const arn = optionalText(input, name);
    if (arn?.startsWith('arn:') === true) ensured = ensurePolicy(ensured, arn, context);
  }
  const versionId = optionalText(input, 'VersionId');
  const policyArn = optionalText(input, 'PolicyArn');
  if (versionId !== null && policyArn !== null) {
    ensured = ensurePolicyVersion(ensured, policyArn, versionId, context);
  }
  if (eventName === 'DeletePolicy' && policyArn !== null) return ensureDeletablePolicy(ensured, policyArn);
  if (eventName === 'CreatePolicy')
    return ensureNoPolicy(ensured, optionalText(input, 'PolicyName') ?? '', context);
  const provider = optionalText(input, 'OpenIDConnectProviderArn') ?? optionalText(input, 'SAMLProviderArn');
  if (provider !== null) return seedProvider(ensured, { arn: provider }, context);
  const profile = optionalText(input, 'InstanceProfileName');
  if (profile === null || eventName === 'CreateInstanceProfile') return ensured;
  if (eventName !== 'AddRoleToInstanceProfile') return ensureProfile(ensured, profile, context);
  return ensureEmptyProfile(
    ensureRole(ensured, optionalText(input, 'RoleName') ?? '', context),
    profile,
    context,
  );
}

/** A call that succeeded was within the quotas of its account, whatever those were. Source: "IAM and STS quotas". */
const largestQuotas: Quotas = { PoliciesPerRole: 25, ACLSizePerRole: 8192 };

/** Does to the account what the recorded call did. */
export function applyEvent(
  store: AccountStore,
  { eventName, requestParameters, region = 'us-east-1' }: RecordedCall,
): Applied {
  const schema = operationSchema(eventName);
  const operation = operations.get(eventName);
  if (schema === undefined || operation?.kind !== 'write') {
    return { applied: false, refusal: null, modelled: false };
  }
  const input = toMembers(schema.input, requestParameters);
  try {
    store.run(schema, input, {
      before: (state, context) => ensureNamed(state, eventName, input, context),
      quotas: largestQuotas,
      region,
    });
    return { applied: true, refusal: null, modelled: true };
  } catch (error) {
    if (!(error instanceof IamRefusal)) throw error;
    return { applied: false, refusal: error.message, modelled: true };
  }
}
