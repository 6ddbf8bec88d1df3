import { describe, expect, it } from 'vitest';

import { formatFault, loadSpec } from '../../shared/spec/load-spec.ts';
import { faultsOf, faultsOfRoles, remediesOfRoles, specOf } from './support.ts';

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
      '8:17 roles[0].managedPolicies.unlisted: expected report or detach or ignore, found "remove"',
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

describe('keys', () => {
  it.each([
    ['- {name: a, presets: eks-node}', 'roles[0].presets: unknown key "presets"', 'did you mean "preset"?'],
    [
      '- {name: a, mode: enforced}',
      'roles[0].mode: expected enforce or detect, found "enforced"',
      'did you mean "enforce"?',
    ],
    [
      '- {name: a, modes: {managedPolicy: detect}}',
      'roles[0].modes.managedPolicy: unknown key "managedPolicy"',
      'did you mean "managedPolicies"?',
    ],
    [
      '- {name: a, managedPolicies: {forbiden: []}}',
      'roles[0].managedPolicies.forbiden: unknown key "forbiden"',
      'did you mean "forbidden"?',
    ],
    [
      '- {name: a, managedPolicies: [{oneof: []}]}',
      'roles[0].managedPolicies[0].oneof: unknown key "oneof"',
      'did you mean "oneOf"?',
    ],
    [
      '- {name: a, preset: {name: eks-node, params: {cniPolcy: allow}}}',
      'roles[0].preset.params.cniPolcy: unknown key "cniPolcy"',
      'did you mean "cniPolicy"?',
    ],
    [
      '- {name: a, preset: {name: eks-node, param: {}}}',
      'roles[0].preset.param: unknown key "param"',
      'did you mean "params"?',
    ],
    [
      '- {name: a, preset: {name: eks-node, params: {cniPolicy: alow}}}',
      'roles[0].preset.params.cniPolicy: expected report or allow or require, found "alow"',
      'did you mean "allow"?',
    ],
    [
      '- {name: a, preset: {name: eks-node-restricted}}',
      'roles[0].preset.params.podIdentityPolicyArn: "podIdentityPolicyArn" is missing',
      'add it: a text',
    ],
    [
      '- {name: a, preset: [eks-node]}',
      'roles[0].preset: expected a text or a mapping, found a list',
      'write a text or a mapping',
    ],
    [
      '- {name: a, managedPolicies: }',
      'roles[0].managedPolicies: nothing is written here, expected a list or a mapping',
      'write a value, or remove the key',
    ],
  ])('%s', (line, fault, remedy) => {
    expect(faultsOfRoles(line)).toContain(fault);
    expect(remediesOfRoles(line)).toContain(remedy);
  });

  it.each(['inlinePolicies', 'permissionsBoundary', 'maxSessionDuration', 'podIdentityAssociations'])(
    'that a later version will know are told apart from mistakes: %s',
    (key) => {
      expect(faultsOfRoles(`- {name: a, ${key}: {}}`)).toEqual([
        `roles[0].${key}: "${key}" is not supported yet by this version`,
      ]);
    },
  );

  it('tell which of the forms of a policy was meant', () => {
    expect(faultsOfRoles('- {name: a, managedPolicies: [{oneOf: [1, 2, 3]}]}')).toEqual(
      [0, 1, 2].map(
        (index) =>
          `roles[0].managedPolicies[0].oneOf[${index}]: expected a text, found the number ${index + 1}`,
      ),
    );
  });

  it('tells that a policy’s content cannot be declared yet', () => {
    expect(
      faultsOfRoles(
        '- {name: a, managedPolicies: [{arn: "arn:aws:iam::123456789012:policy/p", document: {}}]}',
      ),
    ).toEqual(['roles[0].managedPolicies[0].document: "document" is not supported yet by this version']);
  });
});

describe('names', () => {
  it.each([
    ['my role', 'is no name that IAM allows'],
    ['ünïcode', 'is no name that IAM allows'],
    ['x'.repeat(65), 'is longer than the 64 characters'],
    ['', 'the name is empty'],
    ['service-role/app', 'holds a path'],
    ['arn:aws:iam::123456789012:role/app', 'is an ARN'],
    ['app-${AWS::AccountId}', 'variables are not resolved in names'],
    ['AWSServiceRoleForECS', 'must not be managed: it is a service-linked role'],
    ['awsreservedsso_x', 'must not be managed'],
    ['iamDriftRemediatorRemediate', 'must not be managed'],
    ['AWSReservedSSO_*', 'matches only roles that must not be managed'],
  ])('%s: %s', (name, message) => {
    const faults = faultsOfRoles(`- name: ${JSON.stringify(name)}`);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(message);
  });

  it.each(['a', 'A_b+c=d,e.f@g-h', 'x'.repeat(64), '*', '*Node?Role*'])('%s is allowed', (name) => {
    expect(faultsOfRoles(`- name: ${JSON.stringify(name)}`)).toEqual([]);
  });

  it('must differ by more than case', () => {
    expect(faultsOfRoles('- name: App', '- name: app')).toEqual([
      'roles[1].name: "app" is declared already by roles[0]: role names ignore case',
    ]);
  });

  it('must be reachable', () => {
    expect(faultsOfRoles('- name: "app-*"', '- name: "APP-?-x"', '- name: app-1')).toEqual([
      'roles[1].name: "APP-?-x" can never be reached: roles[0] ("app-*") comes first and matches every such name',
    ]);
  });

  it('may be narrow before wide', () => {
    expect(faultsOfRoles('- name: "app-?-x"', '- name: "app-*"')).toEqual([]);
  });

  it.each(['x', '/x', 'x/', '//', '/a b/'])('have no such path: %s', (path) => {
    expect(faultsOfRoles(`- {name: a, path: ${JSON.stringify(path)}}`)[0]).toContain(
      'is no path that IAM allows',
    );
  });

  it('have no path that belongs to AWS', () => {
    expect(faultsOfRoles('- {name: a, path: /aws-reserved/x/}')[0]).toContain('must not be managed');
  });
});

const policy = (arn: string) => faultsOfRoles('- name: a', `  managedPolicies: [${JSON.stringify(arn)}]`);

describe('ARNs', () => {
  it('of an AWS managed policy have the path that AWS gave it', () => {
    const lines = [
      '- name: a',
      '  managedPolicies: ["arn:${AWS::Partition}:iam::aws:policy/AmazonECSTaskExecutionRolePolicy"]',
    ];
    expect(faultsOfRoles(...lines)).toEqual([
      'roles[0].managedPolicies[0]: there is no AWS managed policy "AmazonECSTaskExecutionRolePolicy", but there is "service-role/AmazonECSTaskExecutionRolePolicy": path and case belong to the ARN',
    ]);
    expect(remediesOfRoles(...lines)).toEqual([
      'write arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy',
    ]);
  });

  it.each([
    ['arn:aws:iam::aws:policy/readonlyaccess', 'but there is "ReadOnlyAccess"'],
    ['arn:aws:iam::aws:policy/NoSuchThingAtAll', 'there is no AWS managed policy'],
    ['arn:awz:iam::aws:policy/ReadOnlyAccess', 'there is no partition "awz"'],
    ['arn:aws:iam::12345678901:policy/p', 'is no account id, which has 12 digits'],
    ['arn:aws:iam:::policy/p', 'the account is missing'],
    ['arn:aws:iam:us-east-1:123456789012:policy/p', 'names a region, and IAM is global'],
    ['arn:aws:iam::policy/p', 'is not a whole ARN'],
    ['ReadOnlyAccess', 'must be the ARN of a managed policy'],
  ])('%s: %s', (arn, message) => {
    const faults = policy(arn);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(message);
  });

  it.each([
    'arn:aws:iam::aws:policy/ReadOnlyAccess',
    'arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy',
    'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/teams/my-policy',
    'arn:aws-us-gov:iam::012345678901:policy/my-policy',
  ])('%s is right', (arn) => {
    expect(policy(arn)).toEqual([]);
  });

  it('suggests the policy that was meant', () => {
    expect(
      remediesOfRoles('- name: a', '  managedPolicies: [arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicyy]'),
    ).toEqual(['did you mean arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy?']);
  });

  it('of one role are in one partition', () => {
    expect(
      faultsOfRoles(
        '- name: a',
        '  managedPolicies: [arn:aws:iam::aws:policy/ReadOnlyAccess, arn:aws-cn:iam::123456789012:policy/p]',
      )[0],
    ).toContain('is in partition aws-cn, and this role is in aws');
  });

  it('may hold wildcards in conditions', () => {
    expect(
      faultsOfRoles(
        '- name: a',
        '  trustPolicy:',
        '    Version: "2012-10-17"',
        '    Statement:',
        '      Effect: Allow',
        '      Principal: { Service: ecs-tasks.amazonaws.com }',
        '      Action: sts:AssumeRole',
        '      Condition: { ArnLike: { aws:SourceArn: ["arn:*", "arn:aws:ecs:*:123456789012:*"] } }',
      ),
    ).toEqual([]);
  });

  it('are not both required and forbidden, nor required twice, nor more than IAM attaches', () => {
    const arn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    expect(
      faultsOfRoles(`- {name: a, managedPolicies: {attached: ["${arn}"], forbidden: ["${arn}"]}}`)[0],
    ).toContain('roles[0].managedPolicies.forbidden[0]');
    expect(faultsOfRoles(`- {name: a, managedPolicies: ["${arn}", "${arn}"]}`)[0]).toContain(
      'roles[0].managedPolicies[1]',
    );
    const many = Array.from({ length: 26 }, (_, index) => `"arn:aws:iam::123456789012:policy/p${index}"`);
    expect(faultsOfRoles(`- {name: a, managedPolicies: [${many.join()}]}`)[0]).toContain('at most 25');
  });

  it('of a preset count too: forbidding what it requires is a fault', () => {
    expect(
      faultsOfRoles(
        '- name: a',
        '  preset: ecs-task-execution',
        '  managedPolicies: {forbidden: ["arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"]}',
      ),
    ).toHaveLength(1);
  });

  it('mean the same with a variable and without', () => {
    expect(
      faultsOfRoles(
        '- name: a',
        '  preset: eks-node',
        '  managedPolicies: {forbidden: [arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy]}',
      ),
    ).toEqual([expect.stringContaining('roles[0].managedPolicies.forbidden[0]: ')]);
  });
});

const principal = (text: string) =>
  faultsOfRoles(
    '- name: a',
    `  trustPolicy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::123456789012:root"}, Action: "sts:AssumeRole", Condition: {StringLike: {"aws:PrincipalArn": ${JSON.stringify(text)}}}}]}`,
  );

describe('variables', () => {
  it.each([
    ['${AWS::AccountID}', 'unknown variable "${AWS::AccountID}"'],
    ['${AWS::Region}', 'unknown variable "${AWS::Region}"'],
    ['${AWS:AccountId}', 'unknown variable "${AWS:AccountId}"'],
    ['${aws::partition}', 'unknown variable "${aws::partition}"'],
    ['x${AWS::AccountId', 'the variable "${AWS::AccountId" is not closed'],
  ])('%s: %s', (text, message) => {
    expect(principal(text).map((fault) => fault.slice(fault.indexOf(': ') + 2))).toEqual([message]);
  });

  it.each([
    '${AWS::AccountId}-${AWS::Partition}.${AWS::URLSuffix}',
    '${aws:username}',
    '${aws:PrincipalTag/x}',
    '$',
  ])('%s passes', (text) => {
    expect(principal(text)).toEqual([]);
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
