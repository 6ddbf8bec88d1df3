import { describe, expect, it } from 'vitest';

import { formatFault, loadSpec } from '../../shared/spec/load-spec.ts';
import { faultsOf, faultsOfRoles, specOf } from './support.ts';

describe('a valid spec', () => {
  it('becomes plain JSON, preset expanded, with the line of each role', () => {
    const spec = specOf(`# a comment
version: 1
defaults: { mode: enforce }
roles:
  - name: AmazonEKSFargatePodExecutionRole
    preset: eks-fargate-pod-execution

  - name: my-role
    path: /teams/
    mode: detect
    managedPolicies: [ "arn:\${AWS::Partition}:iam::aws:policy/ReadOnlyAccess" ]
`);
    expect(spec).toMatchObject({
      file: 'roles.yaml',
      roles: [
        { name: 'AmazonEKSFargatePodExecutionRole', path: '/', mode: 'enforce', line: 5 },
        {
          name: 'my-role',
          path: '/teams/',
          mode: 'detect',
          line: 8,
          aspects: {
            managedPolicies: {
              mode: 'detect',
              declared: ['arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess'],
            },
          },
        },
      ],
    });
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
  });

  it('may be written as JSON', () => {
    const json = JSON.stringify({ version: 1, roles: [{ name: 'a', preset: 'eks-node' }] }, null, 2);
    expect(specOf(json).roles[0]?.name).toBe('a');
  });

  it('leaves an aspect that is not mentioned uncompared, and takes [] as declared emptiness', () => {
    const [role] = specOf('{version: 1, roles: [{name: a, managedPolicies: []}]}').roles;
    expect(role?.aspects).toEqual({ managedPolicies: { mode: 'detect', declared: [] } });
  });

  it('lets the keys of a role win over those of its preset', () => {
    const [role] = specOf(`
version: 1
roles:
  - name: a
    preset: ecs-task-execution
    managedPolicies: { unlisted: detach }
`).roles;
    expect(role?.aspects['managedPolicies']?.declared).toMatchObject({
      attached: [expect.stringContaining('service-role/AmazonECSTaskExecutionRolePolicy')],
      unlisted: 'detach',
    });
    expect(role?.aspects['trustPolicy']).toBeDefined();
  });

  it('resolves aliases', () => {
    const spec = specOf('version: 1\nroles:\n  - {name: a, preset: &p eks-node}\n  - {name: b, preset: *p}');
    expect(spec.roles[1]?.aspects).toEqual(spec.roles[0]?.aspects);
  });
});

const modesOf = (defaults: string, role: string) => {
  const [only] = specOf(
    `{version: 1, defaults: {${defaults}}, roles: [{name: a, preset: eks-node, ${role}}]}`,
  ).roles;
  return [only?.mode, only?.aspects['trustPolicy']?.mode, only?.aspects['managedPolicies']?.mode];
};

describe('the mode of an aspect', () => {
  it.each([
    ['', '', ['detect', 'detect', 'detect']],
    ['mode: enforce', '', ['enforce', 'enforce', 'enforce']],
    ['mode: enforce', 'mode: detect', ['detect', 'detect', 'detect']],
    ['mode: enforce, modes: {trustPolicy: detect}', '', ['enforce', 'detect', 'enforce']],
    ['modes: {trustPolicy: enforce}', 'mode: detect', ['detect', 'detect', 'detect']],
    [
      'modes: {trustPolicy: detect}',
      'mode: enforce, modes: {managedPolicies: detect}',
      ['enforce', 'enforce', 'detect'],
    ],
  ])('defaults {%s}, role {%s}: the nearest word wins, unsaid means detect', (defaults, role, modes) => {
    expect(modesOf(defaults, role)).toEqual(modes);
  });
});

const versionOf = (text: string) => specOf(text).version;

describe('the version of a spec', () => {
  it('is a digest that comments, layout, the order of members and spelled-out defaults do not change', () => {
    const one = versionOf('version: 1\nroles:\n  - name: a\n    preset: eks-node\n    mode: detect');
    const other = versionOf(
      '# x\nroles: [{mode: detect, path: /, preset: {name: eks-node}, name: "a"}]\nversion: 1',
    );
    expect(one).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(other).toBe(one);
  });

  it('is the same whatever the order of a document’s members', () => {
    const rest = 'Action: "sts:AssumeRole", Principal: {Service: ec2.amazonaws.com}';
    expect(
      versionOf(`{version: 1, roles: [{name: a, trustPolicy: {Statement: [{Effect: Allow, ${rest}}]}}]}`),
    ).toBe(
      versionOf(`{version: 1, roles: [{name: a, trustPolicy: {Statement: [{${rest}, Effect: Allow}]}}]}`),
    );
  });

  it.each([
    '{version: 1, roles: [{name: b, preset: eks-node}]}',
    '{version: 1, roles: [{name: a, preset: eks-node, mode: enforce}]}',
    '{version: 1, roles: [{name: a, preset: eks-node, path: /x/}]}',
    '{version: 1, roles: [{name: a, preset: {name: eks-node, params: {cniPolicy: allow}}}]}',
  ])('changes with what is declared: %s', (text) => {
    expect(versionOf(text)).not.toBe(versionOf('{version: 1, roles: [{name: a, preset: eks-node}]}'));
  });
});

describe('faults', () => {
  it('are told all at once, in the order of the file, each at its place', () => {
    expect(
      faultsOf(`version: 2
defalts: {}
roles:
  - name: a b
    preset: eks-nod
    managedPolicies:
      attached: [17]
      unlisted: remove
`),
    ).toEqual([
      '1:10 version: expected 1, found the number 2',
      '2:1 defalts: unknown key "defalts"',
      '4:11 roles[0].name: "a b" is no name that IAM allows',
      '5:13 roles[0].preset: unknown preset "eks-nod"',
      '7:18 roles[0].managedPolicies.attached[0]: expected a text or a mapping, found the number 17',
      '8:17 roles[0].managedPolicies.unlisted: expected report, detach or ignore, found "remove"',
    ]);
  });

  it('read as one line each, with the remedy', () => {
    const { spec, faults } = loadSpec('version: 1\nroles:\n  - name: a\n    preset: eks-nod\n', 'roles.yaml');
    expect(spec).toBeNull();
    expect(faults.map(formatFault)).toEqual([
      'roles.yaml:4:13 roles[0].preset: unknown preset "eks-nod". Did you mean "eks-node"?',
    ]);
    expect(faults[0]).toEqual({
      file: 'roles.yaml',
      line: 4,
      column: 13,
      place: 'roles[0].preset',
      value: 'eks-nod',
      message: 'unknown preset "eks-nod"',
      remedy: 'did you mean "eks-node"?',
    });
  });

  it('cannot play tricks on a terminal', () => {
    const { faults } = loadSpec(
      'version: 1\nroles: [{name: "\\e[31m\\u202e\\u009b"}]',
      'ro\u001b[2Jles.yaml',
    );
    expect(faults.map(formatFault).join('')).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it.each([
    ['', 'nothing is written here, expected a mapping'],
    ['just a text', 'expected a mapping, found "just a text"'],
    ['[]', 'expected a mapping, found an empty list'],
  ])('tells what is no spec: %j', (text, message) => {
    expect(loadSpec(text, 'f').faults.map((fault) => fault.message)).toEqual([message]);
  });

  it('tells what is missing', () => {
    expect(faultsOf('{}')).toEqual(['1:1 version: "version" is missing', '1:1 roles: "roles" is missing']);
    expect(faultsOfRoles('- preset: eks-node')).toEqual(['roles[0].name: "name" is missing']);
  });
});

const trust = (statement: object) =>
  loadSpec(
    JSON.stringify({
      version: 1,
      roles: [{ name: 'a', trustPolicy: { Version: '2012-10-17', Statement: [statement] } }],
    }),
    'roles.yaml',
  ).faults;

describe('trust policies', () => {
  it.each([
    [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }, 'Principal'],
    [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 's3:GetObject' }, 'Action'],
    [{ Effect: 'allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }, 'Effect'],
    [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole', Resource: '*' }, 'Resource'],
  ])('that IAM rejects are refused at the place that IAM means: %j', (statement, member) => {
    expect(trust(statement).map(({ place }) => place)).toEqual([
      `roles[0].trustPolicy.Statement[0].${member}`,
    ]);
  });

  it('that are identity policies are explained as such', () => {
    const faults = trust({ Effect: 'Allow', Action: 'eks-auth:AssumeRoleForPodIdentity', Resource: '*' });
    expect(faults.map(({ remedy }) => remedy).join()).toContain('identity policy');
  });
});
