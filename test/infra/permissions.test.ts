import { describe, expect, it, onTestFinished } from 'vitest';

import { readReport } from '../../functions/notify/read-report.ts';
import { ownRoleNames } from '../../infra/names.ts';
import { dynamoDbLedger } from '../../shared/ledger/dynamodb.ts';
import { renderJson } from '../../shared/notifications/json.ts';
import { ledgerTable } from '../support/dynamodb.ts';
import { type Call, isAllowed } from '../support/iam-evaluator.ts';
import { noise } from '../support/noise.ts';
import { aReport } from '../support/reports.ts';
import { testClock } from '../support/scene.ts';
import { arnOf, statementsOf } from './flatten.ts';
import { specFile, synthesise } from './synthesise.ts';

const stack = synthesise({
  specFile: specFile(`
version: 1
roles:
  - name: orders
    path: /team/
    mode: enforce
    trustPolicy:
      Version: "2012-10-17"
      Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }]
    managedPolicies:
      attached: ['arn:\${AWS::Partition}:iam::\${AWS::AccountId}:policy/orders']
      forbidden: ['arn:\${AWS::Partition}:iam::aws:policy/AdministratorAccess']
  - name: '*'
    mode: enforce
    trustPolicy:
      Version: "2012-10-17"
      Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }]
  - name: watched
    mode: detect
    managedPolicies: ['arn:\${AWS::Partition}:iam::aws:policy/ReadOnlyAccess']
`),
});

const account = 'arn:aws:iam::111122223333';
const administratorAccess = 'arn:aws:iam::aws:policy/AdministratorAccess';
const statements = {
  remediate: statementsOf(stack, ownRoleNames.remediate),
  resync: statementsOf(stack, ownRoleNames.resync),
  notify: statementsOf(stack, ownRoleNames.notify),
  schedule: statementsOf(stack, ownRoleNames.schedule),
  operator: statementsOf(stack, ownRoleNames.operator),
};

function queue(purpose: string): string {
  const id = [...stack.resources('AWS::SQS::Queue').keys()].find((key) =>
    key.startsWith(`DriftRemediator${purpose}`),
  );
  return arnOf(id ?? `no queue ${purpose}`);
}

function only(type: string, beginning = 'DriftRemediator'): string {
  const id = [...stack.resources(type).keys()].find((key) => key.startsWith(beginning));
  return arnOf(id ?? `no ${type}`);
}

function withPolicy(action: string, resource: string, policy: string): Call {
  return { action, resource, context: { 'iam:PolicyARN': policy } };
}

function receive(purpose: string): readonly Call[] {
  return ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map((action) => ({
    action,
    resource: queue(purpose),
  }));
}

function log(name: string): readonly Call[] {
  return ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({
    action,
    resource: only('AWS::Logs::LogGroup', `DriftRemediator${name}`),
  }));
}

const topics = [...stack.resources('AWS::SNS::Topic').keys()];
const notifications = topics.find((id) => id.includes('Notifications')) ?? '';

const controls = only('AWS::DynamoDB::Table', 'DriftRemediatorOperators');
const killSwitch = 'arn:aws:ssm:us-east-1:111122223333:parameter/iam-drift/kill-switch';

/** Every call that the functions make, apart from those on the roles. */
const needed: Readonly<Record<keyof typeof statements, readonly Call[]>> = {
  remediate: [
    ...log('Remediate'),
    ...receive('ChangesQueue'),
    ...receive('ResyncsQueue'),
    { action: 'sqs:SendMessage', resource: queue('ChangesQueue') },
    { action: 'dynamodb:UpdateItem', resource: only('AWS::DynamoDB::Table') },
    { action: 'dynamodb:GetItem', resource: only('AWS::DynamoDB::Table') },
    { action: 'dynamodb:Query', resource: only('AWS::DynamoDB::Table') },
    { action: 'dynamodb:GetItem', resource: controls },
    { action: 'dynamodb:Query', resource: controls },
    { action: 'ssm:GetParameter', resource: killSwitch },
    { action: 'events:PutEvents', resource: 'arn:aws:events:us-east-1:111122223333:event-bus/iam-drift' },
    { action: 'iam:GetRole', resource: `${account}:role/team/orders` },
    { action: 'iam:GetRole', resource: `${account}:role/anything` },
    { action: 'iam:GetPolicy', resource: `${account}:policy/orders` },
    { action: 'iam:GetPolicyVersion', resource: administratorAccess },
    { action: 'iam:ListAttachedRolePolicies', resource: `${account}:role/team/orders` },
    { action: 'iam:ListAttachedRolePolicies', resource: `${account}:role/watched` },
    { action: 'iam:UpdateAssumeRolePolicy', resource: `${account}:role/team/orders` },
    { action: 'iam:UpdateAssumeRolePolicy', resource: `${account}:role/anything` },
    withPolicy('iam:AttachRolePolicy', `${account}:role/team/orders`, `${account}:policy/orders`),
    withPolicy('iam:DetachRolePolicy', `${account}:role/team/orders`, administratorAccess),
  ],
  resync: [
    ...log('Resync'),
    { action: 'sqs:SendMessage', resource: queue('ResyncsQueue') },
    { action: 'sqs:SendMessage', resource: queue('ResyncDeadLetters') },
    { action: 'iam:ListRoles', resource: `${account}:role/` },
  ],
  notify: [
    ...log('Notify'),
    ...receive('ReportsQueue'),
    { action: 'sns:Publish', resource: notifications },
    { action: 'dynamodb:GetItem', resource: only('AWS::DynamoDB::Table') },
    { action: 'dynamodb:Query', resource: only('AWS::DynamoDB::Table') },
    {
      action: 'dynamodb:UpdateItem',
      resource: only('AWS::DynamoDB::Table'),
      context: { 'dynamodb:LeadingKeys': 'report#01JC9ZK4T0V5N8Q2W7E3R6Y1UA' },
    },
  ],
  schedule: [
    { action: 'lambda:InvokeFunction', resource: only('AWS::Lambda::Function', 'DriftRemediatorResync') },
    { action: 'sqs:SendMessage', resource: queue('ResyncTriggersScheduleDeadLetters') },
  ],
  operator: [
    ...['GetItem', 'PutItem', 'Query'].map((verb) => ({ action: `dynamodb:${verb}`, resource: controls })),
    ...['GetItem', 'Query', 'Scan'].map((verb) => ({
      action: `dynamodb:${verb}`,
      resource: only('AWS::DynamoDB::Table', 'DriftRemediatorLedger'),
    })),
    { action: 'ssm:GetParameter', resource: killSwitch },
    {
      action: 'ssm:GetParameter',
      resource: 'arn:aws:ssm:us-east-1:111122223333:parameter/iam-drift/installation',
    },
    { action: 'ssm:PutParameter', resource: killSwitch },
    { action: 'sqs:SendMessage', resource: queue('ResyncsQueue') },
    { action: 'sqs:SendMessage', resource: queue('ReportsQueue') },
  ],
};

const forbidden: readonly Call[] = [
  withPolicy('iam:AttachRolePolicy', `${account}:role/team/orders`, administratorAccess),
  withPolicy('iam:DetachRolePolicy', `${account}:role/team/orders`, `${account}:policy/orders`),
  withPolicy('iam:AttachRolePolicy', `${account}:role/watched`, 'arn:aws:iam::aws:policy/ReadOnlyAccess'),
  { action: 'iam:UpdateAssumeRolePolicy', resource: `${account}:role/watched` },
  withPolicy('iam:AttachRolePolicy', `${account}:role/orders`, `${account}:policy/orders`),
  { action: 'iam:AttachRolePolicy', resource: `${account}:role/team/orders` },
  ...[
    ...Object.values(ownRoleNames),
    'AWSServiceRoleForSupport',
    'aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport',
    'aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef',
    'cdk-hnb659fds-deploy-role-111122223333-us-east-1',
    'OrganizationAccountAccessRole',
    'AWSControlTowerExecution',
    'stacksets-exec-0123456789abcdef',
  ].flatMap((name) =>
    ['iam:UpdateAssumeRolePolicy', 'iam:PutRolePolicy', 'iam:DeleteRole'].map((action) => ({
      action,
      resource: `${account}:role/${name}`,
    })),
  ),
  ...[
    'iam:DeleteRolePermissionsBoundary',
    'iam:PutRolePolicy',
    'iam:PassRole',
    'iam:CreateRole',
    'iam:DeleteRole',
    'sts:AssumeRole',
  ].map((action) => ({ action, resource: `${account}:role/team/orders` })),
  { action: 'iam:CreatePolicyVersion', resource: `${account}:policy/orders` },
  { action: 'iam:CreateUser', resource: `${account}:user/intruder` },
  { action: 'iam:CreateAccessKey', resource: `${account}:user/intruder` },
  { action: 'iam:AddUserToGroup', resource: `${account}:group/admins` },
  { action: 'lambda:UpdateFunctionCode', resource: only('AWS::Lambda::Function') },
  { action: 'dynamodb:DeleteItem', resource: only('AWS::DynamoDB::Table') },
  { action: 'sqs:PurgeQueue', resource: queue('ChangesQueue') },
  { action: 'logs:DeleteLogGroup', resource: only('AWS::Logs::LogGroup') },
  { action: 'events:PutEvents', resource: 'arn:aws:events:us-east-1:111122223333:event-bus/default' },
];

const roles = ['remediate', 'resync', 'notify', 'schedule', 'operator'] as const;

describe('the permissions of the deployed template', () => {
  it.each(roles)('let %s do what it does', (role) => {
    expect(needed[role].filter((call) => !isAllowed(statements[role], call))).toEqual([]);
  });

  it.each(roles)('let %s do nothing that it must not', (role) => {
    expect(forbidden.filter((call) => isAllowed(statements[role], call))).toEqual([]);
  });

  it('let notify read a report that was too large for its event, as it is kept', async () => {
    const table = await ledgerTable();
    onTestFinished(() => table.close());
    const ledger = dynamoDbLedger({ ...table, clock: testClock(), retentionDays: 90 });
    const incidentId = '111122223333/app/LARGE';
    const report = aReport({ incidentId, nextSteps: [noise('report', 600_000)] });
    await ledger.open({
      incidentId,
      role: { accountId: '111122223333', partition: 'aws', roleName: 'app' },
      openedAt: '2026-03-02T10:00:00.000Z',
      spec: { version: 'sha256:0', file: 'roles.yaml', line: 1 },
      causes: [],
      before: {},
      found: [],
      plan: [],
    });
    await ledger.close(incidentId, report);
    const resource = only('AWS::DynamoDB::Table', 'DriftRemediatorLedger');
    table.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (input) => {
          const action = `dynamodb:${commandName.replace(/Command$/, '')}`;
          if (!isAllowed(statements.notify, { action, resource })) throw new Error(`${action} is denied`);
          return next(input);
        },
      { step: 'initialize' },
    );
    const body = JSON.stringify({ detail: renderJson(report) });
    expect(await readReport(body, ledger)).toEqual(report);
  });

  it('let notify write down what it told, and nothing else in the ledger', () => {
    const context = { 'dynamodb:LeadingKeys': '111122223333/orders' };
    const call = { action: 'dynamodb:UpdateItem', resource: only('AWS::DynamoDB::Table'), context };
    expect(isAllowed(statements.notify, call)).toBe(false);
  });

  it.each(roles)('hold no statement for %s that could be left out', (role) => {
    const superfluous = statements[role].filter((one) => {
      const without = statements[role].filter((other) => other !== one);
      return (
        needed[role].every((call) => isAllowed(without, call)) &&
        !forbidden.some((call) => isAllowed(without, call))
      );
    });
    expect(superfluous.map(({ Sid }) => Sid)).toEqual([]);
  });

  it('let operators alone say what the function obeys', () => {
    const writes = [
      ...['PutItem', 'UpdateItem', 'DeleteItem'].map((verb) => ({
        action: `dynamodb:${verb}`,
        resource: controls,
      })),
      { action: 'ssm:PutParameter', resource: killSwitch },
      { action: 'ssm:DeleteParameter', resource: killSwitch },
    ];
    for (const role of ['remediate', 'resync', 'notify', 'schedule'] as const)
      expect(writes.filter((call) => isAllowed(statements[role], call))).toEqual([]);
    expect(statements.operator.flatMap(({ Action }) => Action).join()).not.toContain('iam:');
  });

  it('name actions in full, and every resource but where IAM knows none', () => {
    const allowed = Object.values(statements)
      .flat()
      .filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.flatMap(({ Action }) => Action).filter((action) => /[*?]/.test(action))).toEqual([]);
    const everywhere = allowed.filter(({ Resource }) => Resource.includes('*'));
    expect(everywhere.flatMap(({ Action }) => Action)).toEqual(['iam:ListRoles']);
  });

  it('give IAM’s roles to one function only', () => {
    for (const role of ['resync', 'notify', 'schedule'] as const)
      expect(
        statements[role].flatMap(({ Action }) => Action).filter((action) => action.startsWith('iam:')),
      ).toEqual(role === 'resync' ? ['iam:ListRoles'] : []);
  });

  it('stand in the roles and the managed policies of the spec: CDK adds none by itself', () => {
    expect(stack.resources('AWS::IAM::Policy').size).toBe(0);
  });

  it('do not list roles where every role has a name of its own', () => {
    const exact = synthesise({
      specFile: specFile('version: 1\nroles:\n  - { name: a, preset: ecs-task-execution }\n'),
    });
    expect(statementsOf(exact, ownRoleNames.resync).flatMap(({ Action }) => Action)).not.toContain(
      'iam:ListRoles',
    );
  });
});
