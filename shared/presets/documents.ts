import type { JsonObject } from '../model.ts';

/** operator → key → values, as in a policy's `Condition`. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** The ARN of an AWS managed policy: its name, with its path where it has one. */
export function awsManagedPolicy(name: string): string {
  return `arn:\${AWS::Partition}:iam::aws:policy/${name}`;
}

/** A trust policy with one statement, without `Condition` where there is none. */
export function trustDocument(
  principal: JsonObject,
  actions: string | readonly string[],
  conditions: Conditions = {},
): JsonObject {
  const statement = { Effect: 'Allow', Principal: principal, Action: actions };
  return {
    Version: '2012-10-17',
    Statement: [
      Object.keys(conditions).length === 0 ? statement : { ...statement, Condition: { ...conditions } },
    ],
  };
}
