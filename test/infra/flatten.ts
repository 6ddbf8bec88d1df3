import * as z from 'zod/mini';

import type { PolicyStatement } from '../../shared/permissions/statement.ts';
import type { Resource, Synthesised } from './synthesise.ts';

const ACCOUNT_ID = '111122223333';
const REGION = 'us-east-1';

const ref = z.strictObject({ Ref: z.string() });
const getAtt = z.strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) });
const join = z.strictObject({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });

const texts = z.pipe(
  z.union([z.string(), z.array(z.string())]),
  z.transform((value) => (typeof value === 'string' ? [value] : value)),
);
const statementSchema = z.strictObject({
  Sid: z.string(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: texts,
  Resource: texts,
  Condition: z.optional(z.record(z.string(), z.record(z.string(), texts))),
});
const policies = z.array(z.object({ PolicyDocument: z.object({ Statement: z.array(statementSchema) }) }));

/** What CloudFormation would make of the intrinsic functions, in an account of ours. */
export function flatten(value: unknown): unknown {
  const asRef = ref.safeParse(value);
  if (asRef.success) return pseudoParameters.get(asRef.data.Ref) ?? asRef.data.Ref;
  const asGetAtt = getAtt.safeParse(value);
  if (asGetAtt.success) return arnOf(asGetAtt.data['Fn::GetAtt'][0]);
  const asJoin = join.safeParse(value);
  if (asJoin.success) {
    const [separator, parts] = asJoin.data['Fn::Join'];
    return parts.map((part) => String(flatten(part))).join(separator);
  }
  if (Array.isArray(value)) return value.map(flatten);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, flatten(member)]));
}

const pseudoParameters = new Map([
  ['AWS::AccountId', ACCOUNT_ID],
  ['AWS::Partition', 'aws'],
  ['AWS::Region', REGION],
]);

/** An ARN to tell resources of the stack apart by. */
export function arnOf(logicalId: string): string {
  return `arn:aws:own:${REGION}:${ACCOUNT_ID}:${logicalId}`;
}

/** All statements of a role, from the policies in it and those attached to it. */
export function statementsOf(
  { template, resources }: Synthesised,
  roleName: string,
): readonly PolicyStatement[] {
  const role = [...resources('AWS::IAM::Role').values()].find(
    ({ Properties }) => Properties['RoleName'] === roleName,
  );
  if (role === undefined) throw new Error(`the template has no role ${roleName}`);
  const attached = z
    .parse(z.array(ref), role.Properties['ManagedPolicyArns'] ?? [])
    .map(({ Ref }) => template.Resources[Ref]);
  return [
    ...policiesIn(role.Properties['Policies']),
    ...attached.flatMap((policy: Resource | undefined) => policiesIn([policy?.Properties])),
  ];
}

function policiesIn(value: unknown): readonly PolicyStatement[] {
  return policies.parse(flatten(value)).flatMap(({ PolicyDocument }) =>
    PolicyDocument.Statement.map(({ Condition, ...statement }) => ({
      ...statement,
      ...(Condition === undefined ? {} : { Condition }),
    })),
  );
}
