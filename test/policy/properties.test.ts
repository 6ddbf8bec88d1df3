import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Access, AccessDelta } from '../../shared/model.ts';
import { canonicalPolicy } from '../../shared/policy/canonical.ts';
import { comparePolicies } from '../../shared/policy/equal.ts';
import { explainAccess } from '../../shared/policy/explain.ts';
import { parsePolicy, type PolicyKind } from '../../shared/policy/parse.ts';
import { separatePolicy, smallIdentityPolicy, smallTrustPolicy } from './arbitraries.ts';
import {
  asText,
  identityRequests,
  type Request,
  rises,
  type SmallPolicy,
  trustRequests,
  verdict,
} from './brute-force.ts';
import { respell } from './respell.ts';

const partition = 'aws';
const runs = { numRuns: 1500 };

function ask(a: SmallPolicy, b: SmallPolicy, kind: PolicyKind) {
  const context = { kind, partition };
  return {
    equivalent: comparePolicies(asText(a), asText(b), context).equivalent,
    access: explainAccess(asText(a), asText(b), context),
  };
}

/** Whether an entry speaks of a request, read as a person would. */
function speaksOf({ principal, resource, actions }: Access, request: Request): boolean {
  const whom =
    request.principal === null ||
    principal === `${request.principal.type}:${request.principal.id}` ||
    (principal === 'AWS:*' && request.principal.type === 'AWS');
  const onWhat = request.resource === null || like(resource ?? '', request.resource);
  return whom && onWhat && actions.some((action) => like(action, request.action));
}

const like = (pattern: string, value: string) =>
  pattern === value || (pattern.endsWith('*') && value.startsWith(pattern.slice(0, -1)));

describe.each([
  { kind: 'trust' as const, policy: smallTrustPolicy, requests: trustRequests },
  { kind: 'identity' as const, policy: smallIdentityPolicy, requests: identityRequests },
])('$kind policies without conditions, judged by trying every request', ({ kind, policy, requests }) => {
  it('are equal exactly where they answer alike, and then gain and lose nothing', () => {
    fc.assert(
      fc.property(policy, policy, (a, b) => {
        const alike = requests.every((request) => verdict(a, request) === verdict(b, request));
        const { equivalent, access } = ask(a, b, kind);
        expect({ equivalent, isQuiet: isQuiet(access) }).toEqual({ equivalent: alike, isQuiet: alike });
      }),
      runs,
    );
  });

  it('gain something exactly where a request is answered better, and lose where worse', () => {
    fc.assert(
      fc.property(policy, policy, (a, b) => {
        const { access } = ask(a, b, kind);
        expect([access.gained.length > 0, access.lost.length > 0]).toEqual([
          rises(a, b, requests).length > 0,
          rises(b, a, requests).length > 0,
        ]);
      }),
      runs,
    );
  });

  it('name whom a change concerns: every newly allowed request is spoken of, and no entry speaks of none', () => {
    fc.assert(
      fc.property(policy, policy, (a, b) => {
        const { gained } = ask(a, b, kind).access;
        const better = rises(a, b, requests);
        for (const request of better.filter((one) => verdict(b, one) === 'allow')) {
          expect(gained.some((access) => speaksOf(access, request))).toBe(true);
        }
        for (const access of gained) expect(better.some((request) => speaksOf(access, request))).toBe(true);
      }),
      runs,
    );
  });
});

const isQuiet = ({ gained, lost }: AccessDelta) => gained.length + lost.length === 0;

const equal = (a: SmallPolicy, b: SmallPolicy) => ask(a, b, 'trust').equivalent;
const whom = (entries: readonly Access[]) =>
  entries.map(({ principal, actions }) => ({ principal, actions }));

describe('equality', () => {
  const context = { kind: 'trust', partition } as const;

  it('is symmetric, and what one direction gains the other loses', () => {
    fc.assert(
      fc.property(smallTrustPolicy, smallTrustPolicy, (a, b) => {
        const [there, back] = [ask(a, b, 'trust'), ask(b, a, 'trust')];
        expect(there.equivalent).toBe(back.equivalent);
        expect(whom(there.access.gained)).toEqual(whom(back.access.lost));
      }),
      runs,
    );
  });

  it('is transitive', () => {
    fc.assert(
      fc.property(smallTrustPolicy, smallTrustPolicy, smallTrustPolicy, (a, b, c) => {
        const isChain = equal(a, b) && equal(b, c);
        expect(isChain && !equal(a, c)).toBe(false);
      }),
    );
  });

  it('never minds order, duplicates, spelling or percent-encoding', () => {
    fc.assert(
      fc.property(separatePolicy, fc.integer(), (policy, seed) => {
        const text = respell(policy, seed);
        expect(comparePolicies(JSON.stringify(policy), text, context)).toEqual({
          equivalent: true,
          identical: true,
        });
        expect(isQuiet(explainAccess(JSON.stringify(policy), encodeURIComponent(text), context))).toBe(true);
      }),
    );
  });

  it('always minds a statement more or less', () => {
    fc.assert(
      fc.property(separatePolicy, fc.nat(), (policy, position) => {
        const less = policy.Statement.filter((_, index) => index !== position % policy.Statement.length);
        const shorter = less.length === 0 ? { Version: policy.Version } : { ...policy, Statement: less };
        expect(comparePolicies(JSON.stringify(policy), JSON.stringify(shorter), context).equivalent).toBe(
          false,
        );
        expect(isQuiet(explainAccess(JSON.stringify(policy), JSON.stringify(shorter), context))).toBe(false);
      }),
    );
  });

  it.each(['Action', 'AWS', 'Service'] as const)('always minds a member of %s more or less', (list) => {
    fc.assert(
      fc.property(separatePolicy, fc.nat(), (policy, position) => {
        const longer = structuredClone(policy);
        const statement = longer.Statement[position % longer.Statement.length];
        if (statement === undefined) return;
        (list === 'Action' ? statement.Action : statement.Principal[list]).push('sts:one-more');
        expect(comparePolicies(JSON.stringify(policy), JSON.stringify(longer), context).equivalent).toBe(
          false,
        );
      }),
    );
  });

  it('has a canonical form that is its own', () => {
    fc.assert(
      fc.property(separatePolicy, (policy) => {
        const once = canonicalPolicy(parsePolicy(JSON.stringify(policy), 'trust'), partition);
        const document = {
          kind: 'trust' as const,
          version: once.version,
          id: null,
          statements: [...once.statements.values()],
        };
        expect([...canonicalPolicy(document, partition).statements]).toEqual([...once.statements]);
      }),
    );
  });
});
