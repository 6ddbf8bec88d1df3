import { describe, expect, it } from 'vitest';

import { faultsOfRoles } from './support.ts';

const statement = '[{Effect: Allow, Action: "s3:*", Resource: "*"}]';

describe('what each aspect takes', () => {
  it.each([
    'inlinePolicies: {}',
    `inlinePolicies: {read: {Version: "2012-10-17", Statement: ${statement}}}`,
    `inlinePolicies: {policies: {read: {Statement: ${statement}}}, unlisted: delete}`,
    `inlinePolicies: {policies: {Version: "2012-10-17", Statement: ${statement}}}`,
    'inlinePolicies: {unlisted: ignore}',
    'permissionsBoundary: none',
    'permissionsBoundary: null',
    'permissionsBoundary: "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/team/boundary"',
    'maxSessionDuration: 43200',
    'description: ""',
    'description: "größer als ¡ ÿ"',
    'tags: {Team: "", "a b/c": "1"}',
    'instanceProfile: web-nodes',
  ])('%s', (line) => {
    expect(faultsOfRoles(`- {name: a, ${line}}`)).toEqual([]);
  });

  it.each([
    [
      'inlinePolicies: {read: {Version: "2012-10-17"}}',
      'inlinePolicies.read.Statement: there is no statement',
    ],
    [
      'inlinePolicies: {policies: {}, unlisted: detach}',
      'inlinePolicies.unlisted: expected report, delete or ignore, found "detach"',
    ],
    [
      'permissionsBoundary: boundary',
      'permissionsBoundary: "boundary" must be "none" or the ARN of a managed policy',
    ],
    ['maxSessionDuration: 3599', 'maxSessionDuration: the number 3599 must be at least 3600'],
    ['maxSessionDuration: 43201', 'maxSessionDuration: the number 43201 must be at most 43200'],
    ['maxSessionDuration: 3600.5', 'maxSessionDuration: expected a whole number'],
    ['description: "😀"', 'description: "😀" holds a character that IAM does not take'],
    ['tags: {"aws:x": y}', 'begins with "aws:"'],
    ['tags: {a: 1}', 'tags.a: expected a text, found the number 1'],
    [
      'instanceProfile: "arn:aws:iam::111122223333:instance-profile/web"',
      'must be the name of an instance profile, not its ARN',
    ],
  ])('not %s', (line, words) => {
    expect(faultsOfRoles(`- {name: a, ${line}}`).join('\n')).toContain(words);
  });
});

describe('what only one role can have', () => {
  it('is not declared by two', () => {
    expect(faultsOfRoles('- {name: a, instanceProfile: web}', '- {name: b, instanceProfile: WEB}')).toEqual([
      'roles[1].instanceProfile: the role "a" declares "WEB" already, and only one role can have it',
    ]);
  });

  it('is not declared by a pattern, which may stand for many', () => {
    expect(faultsOfRoles('- {name: "*Node*", instanceProfile: web}')).toEqual([
      'roles[0].instanceProfile: "*Node*" may stand for many roles, and only one can have "web"',
    ]);
  });

  it('may be declared once for each', () => {
    expect(faultsOfRoles('- {name: a, instanceProfile: web}', '- {name: b, instanceProfile: db}')).toEqual(
      [],
    );
  });
});
