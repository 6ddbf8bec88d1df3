import * as fc from 'fast-check';

import {
  actionChoices,
  principalChoices,
  resourceChoices,
  type SmallPolicy,
  type SmallStatement,
} from './brute-force.ts';

const some = (choices: string[]) =>
  fc.uniqueArray(fc.constantFrom(...choices), { minLength: 1, maxLength: 3 });
const effect = fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Allow', 'Allow', 'Deny');

const principal: fc.Arbitrary<NonNullable<SmallStatement['Principal']>> = fc.oneof(
  fc.record({ AWS: some(principalChoices.AWS) }),
  fc.record({ Service: some(principalChoices.Service) }),
  fc.record({ AWS: some(principalChoices.AWS), Service: some(principalChoices.Service) }),
);
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ Action: some(actionChoices) }) },
  { weight: 1, arbitrary: fc.record({ NotAction: some(actionChoices) }) },
);
const resource = fc.oneof(
  { weight: 4, arbitrary: fc.record({ Resource: some(resourceChoices) }) },
  { weight: 1, arbitrary: fc.record({ NotResource: some(resourceChoices) }) },
);

const policyOf = (statement: fc.Arbitrary<SmallStatement>): fc.Arbitrary<SmallPolicy> =>
  fc.record({
    Version: fc.constant('2012-10-17' as const),
    Statement: fc.array(statement, { maxLength: 3 }),
  });

export const smallTrustPolicy = policyOf(
  fc.tuple(effect, principal, action).map(([Effect, Principal, rest]) => ({ Effect, Principal, ...rest })),
);
export const smallIdentityPolicy = policyOf(
  fc
    .tuple(effect, action, resource)
    .map(([Effect, actions, resources]) => ({ Effect, ...actions, ...resources })),
);

/** Values that may stand in a policy and are pitfalls for a reader of JSON or for a map. */
const oddText = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', 'ü', '\u2028', '${*}', '%41', '+'),
  fc.string(),
);
const values = fc.uniqueArray(oddText, { minLength: 1, maxLength: 3 });
const operator = fc.constantFrom(
  'StringEquals',
  'StringLike',
  'StringNotEquals',
  'ForAllValues:StringEquals',
  'BoolIfExists',
);
const key = fc.constantFrom('aws:SourceArn', 'sts:ExternalId', 'aws:ResourceTag/__proto__', 'constructor');

/** A policy whose members do not overlap: each of them matters. */
export const separatePolicy = fc
  .uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 })
  .chain((numbers) => fc.tuple(...numbers.map(separateStatement)))
  .map((statements) => ({ Version: '2012-10-17', Statement: statements }));

function separateStatement(number: number) {
  return fc.record({
    Effect: fc.constantFrom('Allow', 'Deny'),
    Principal: fc.record({
      AWS: numbered(`arn:aws:iam::11111111111${number}:role/`),
      Service: numbered(`s${number}.amazonaws.com.`),
    }),
    Action: numbered(`sts:A${number}x`),
    Condition: fc.dictionary(operator, fc.dictionary(key, values, { minKeys: 1, maxKeys: 2 }), {
      maxKeys: 2,
    }),
  });
}

function numbered(prefix: string): fc.Arbitrary<string[]> {
  const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 });
  return numbers.map((all) => all.map((number) => `${prefix}${number}`));
}
