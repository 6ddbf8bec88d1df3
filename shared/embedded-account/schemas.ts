import * as eks from '@aws-sdk/client-eks';
import * as iam from '@aws-sdk/client-iam';
import { NormalizedSchema } from '@smithy/core/schema';

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

/** An operation of IAM or EKS as the SDK's own model describes it. */
export interface OperationSchema {
  readonly name: string;
  /** Its prefix in IAM's actions. */
  readonly service: 'iam' | 'eks';
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Names of the input members that AWS requires. */
  readonly required: readonly string[];
  /** Where a REST protocol finds it; null for IAM's. */
  readonly http: { readonly method: string; readonly path: string } | null;
}

// Kinds of schema in the SDK's static model: the first element of each tuple.
const structure = 3;
const operation = 9;
const error = -3;

type OperationTuple = readonly [9, string, string, unknown, () => SchemaRef, () => SchemaRef];

function isOperation(value: unknown): value is OperationTuple {
  return Array.isArray(value) && value[0] === operation;
}

function requiredMembers(schema: NormalizedSchema): readonly string[] {
  const tuple: unknown = schema.getSchema();
  if (!Array.isArray(tuple) || tuple[0] !== structure) return [];
  const names: unknown = tuple[4];
  // The SDK puts the required members first and says how many there are.
  const count: unknown = tuple[6];
  if (!Array.isArray(names) || typeof count !== 'number') return [];
  return names.slice(0, count).filter((name) => typeof name === 'string');
}

function httpOf(traits: unknown): OperationSchema['http'] {
  if (typeof traits !== 'object' || traits === null || !('http' in traits)) return null;
  const http: unknown = traits.http;
  if (!Array.isArray(http)) return null;
  const method: unknown = http[0];
  const path: unknown = http[1];
  return typeof method === 'string' && typeof path === 'string' ? { method, path } : null;
}

function toOperationSchema(
  service: OperationSchema['service'],
  [, , name, traits, input, output]: OperationTuple,
): OperationSchema {
  const inputSchema = NormalizedSchema.of(input());
  return {
    name,
    service,
    input: inputSchema,
    output: NormalizedSchema.of(output()),
    required: requiredMembers(inputSchema),
    http: httpOf(traits),
  };
}

const ofIam: readonly unknown[] = Object.values(iam);
const ofEks: readonly unknown[] = Object.values(eks);

function schemasOf(
  service: OperationSchema['service'],
  exported: readonly unknown[],
): ReadonlyMap<string, OperationSchema> {
  return new Map(exported.filter(isOperation).map((tuple) => [tuple[2], toOperationSchema(service, tuple)]));
}

/** Every operation of IAM's API, by name. */
export const iamOperations = schemasOf('iam', ofIam);

/** Every operation of EKS's API, by name. */
export const eksOperations = schemasOf('eks', ofEks);

/** The operation that a CloudTrail record names. The two services share no name of a write. */
export function operationSchema(name: string): OperationSchema | undefined {
  return iamOperations.get(name) ?? eksOperations.get(name);
}

function errorStatus(schema: unknown): readonly [string, number] | null {
  if (!Array.isArray(schema) || schema[0] !== error) return null;
  const traits: unknown = schema[3];
  if (typeof traits !== 'object' || traits === null || !('awsQueryError' in traits)) return null;
  const wire: unknown = traits.awsQueryError;
  if (!Array.isArray(wire)) return null;
  const code: unknown = wire[0];
  const status: unknown = wire[1];
  return typeof code === 'string' && typeof status === 'number' ? [code, status] : null;
}

/** Codes that any AWS service may answer and that are not in IAM's model. Source: "Common Errors", IAM API reference. */
const commonErrors: readonly (readonly [string, number])[] = [
  ['AccessDenied', 403],
  ['ExpiredToken', 403],
  ['InternalFailure', 500],
  ['InvalidAction', 400],
  ['InvalidClientTokenId', 403],
  ['NotImplemented', 501],
  ['RequestLimitExceeded', 400],
  ['ServiceUnavailable', 503],
  ['Throttling', 400],
  ['ValidationError', 400],
];

function restStatus(schema: unknown): readonly [string, number] | null {
  if (!Array.isArray(schema) || schema[0] !== error) return null;
  const name: unknown = schema[2];
  const traits: unknown = schema[3];
  if (typeof traits !== 'object' || traits === null || !('httpError' in traits)) return null;
  return typeof name === 'string' && typeof traits.httpError === 'number' ? [name, traits.httpError] : null;
}

const statuses: ReadonlyMap<string, number> = new Map([
  ...commonErrors,
  ...ofIam.map(errorStatus).filter((entry) => entry !== null),
  ...ofEks.map(restStatus).filter((entry) => entry !== null),
]);

/** The HTTP status that goes with an error code of IAM or EKS; 400 for codes that nobody documents. */
export function statusOf(code: string): number {
  return statuses.get(code) ?? 400;
}
