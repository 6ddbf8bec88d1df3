import * as iam from '@aws-sdk/client-iam';
import { NormalizedSchema } from '@smithy/core/schema';

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

/** An IAM operation as the SDK's own model describes it. */
export interface OperationSchema {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Names of the input members that IAM requires. */
  readonly required: readonly string[];
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

function toOperationSchema([, , name, , input, output]: OperationTuple): OperationSchema {
  const inputSchema = NormalizedSchema.of(input());
  return {
    name,
    input: inputSchema,
    output: NormalizedSchema.of(output()),
    required: requiredMembers(inputSchema),
  };
}

const exported: readonly unknown[] = Object.values(iam);

/** Every operation of IAM's API, by name. */
export const operationSchemas: ReadonlyMap<string, OperationSchema> = new Map(
  exported.filter(isOperation).map((tuple) => [tuple[2], toOperationSchema(tuple)]),
);

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

const statuses: ReadonlyMap<string, number> = new Map([
  ...commonErrors,
  ...exported.map(errorStatus).filter((entry) => entry !== null),
]);

/** The HTTP status that goes with IAM's error code; 400 for codes that nobody documents. */
export function statusOf(code: string): number {
  return statuses.get(code) ?? 400;
}
