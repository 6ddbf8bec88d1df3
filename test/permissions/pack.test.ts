import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { InvalidSpecError } from '../../shared/errors.ts';
import { packPolicies, policySize } from '../../shared/permissions/pack.ts';
import type { PolicyStatement } from '../../shared/permissions/statement.ts';

const arn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const allow = (Sid: string, roles: readonly string[], Action = ['iam:GetRole']): PolicyStatement => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource: roles.map(arn),
});
const names = (count: number, prefix = 'role') => Array.from({ length: count }, (_, n) => `${prefix}-${n}`);

describe('packPolicies', () => {
  it('keeps what fits in one policy, as it is', () => {
    const statements = [allow('A', ['a']), allow('B', ['b'])];
    expect(packPolicies(statements)).toEqual([statements]);
    expect(packPolicies(statements, policySize(statements))).toHaveLength(1);
    expect(packPolicies(statements, policySize(statements) - 1)).toHaveLength(2);
  });

  it('divides a statement that is too large by its resources', () => {
    const policies = packPolicies([allow('A', names(400))]);
    expect(policies.length).toBeGreaterThan(1);
    const resources = policies.flat().flatMap(({ Resource }) => Resource);
    expect(resources.toSorted()).toEqual(names(400).map(arn).toSorted());
  });

  it('says the same as before, each policy within its limit, each statement with a name of its own', () => {
    const statement = fc.record({ count: fc.integer({ min: 1, max: 120 }), deny: fc.boolean() });
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 8 }), (sizes) => {
        const statements = sizes.map(({ count, deny }, n) => ({
          ...allow(`S${n}`, names(count, `r${n}`), [`iam:A${n}`]),
          Effect: deny ? ('Deny' as const) : ('Allow' as const),
        }));
        const policies = packPolicies(statements, 6000);
        expect(Math.max(...policies.map(policySize))).toBeLessThanOrEqual(6000);
        const flat = policies.flat();
        expect(new Set(flat.map(({ Sid }) => Sid)).size).toBe(flat.length);
        expect(said(flat)).toEqual(said(statements));
      }),
    );
  });

  it('keeps conditions when it divides', () => {
    const Condition = { ArnEquals: { 'iam:PolicyARN': ['arn:aws:iam::aws:policy/One'] } };
    for (const statement of packPolicies([{ ...allow('A', names(400)), Condition }]).flat())
      expect(statement.Condition).toEqual(Condition);
  });

  it('refuses what ten managed policies do not hold, naming the roles', () => {
    const statements = [allow('A', names(2000))];
    const pack = () => packPolicies(statements);
    expect(pack).toThrow(InvalidSpecError);
    expect(pack).toThrow(/do not fit .*: role-\d+, .* and \d+ more; declare fewer/);
  });

  it('refuses a single role whose permissions no policy holds', () => {
    const policies = Array.from({ length: 200 }, (_, n) => `arn:aws:iam::aws:policy/APolicyOfALongName${n}`);
    const Condition = { ArnEquals: { 'iam:PolicyARN': policies } };
    const pack = () => packPolicies([{ ...allow('A', ['greedy']), Condition }, allow('B', names(200))]);
    expect(pack).toThrow(/characters that a role takes: greedy;/);
  });

  it('counts tokens as what they may become', () => {
    const token = { ...allow('A', []), Resource: ['arn:${AWS::Partition}:iam::${AWS::AccountId}:role/a'] };
    const real = { ...allow('A', []), Resource: ['arn:aws-us-gov:iam::111122223333:role/a'] };
    expect(policySize([token])).toBe(policySize([real]));
    expect(policySize([allow('A', ['${Token[OwnRole.1]}'])])).toBe(
      policySize([allow('A', ['x'.repeat(64)])]),
    );
  });
});

/** Each resource with what is said about it. */
function said(statements: readonly PolicyStatement[]): readonly string[] {
  return statements
    .flatMap(({ Effect, Action, Resource }) =>
      Resource.map((resource) => JSON.stringify([Effect, Action, resource])),
    )
    .sort();
}
