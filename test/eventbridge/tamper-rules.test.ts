import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { tamperRules, watchRule } from '../../shared/eventbridge/tamper-rules.ts';
import { type OwnResources, TAMPER_RULE_PREFIX } from '../../shared/eventbridge/tamper-watches.ts';
import { matchesEvent } from '../../shared/eventbridge/matcher.ts';
import type { JsonObject } from '../../shared/model.ts';
import { inEnvelope } from '../support/cloudtrail-events.ts';

const account = '111122223333';
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${account}:${resource}`;
const queueUrl = (name: string) => `https://sqs.us-east-1.amazonaws.com/${account}/${name}`;
const topicArn = arn('sns', 'Drift-Alarms-1A2B');
const tamperTopicArn = arn('sns', 'Drift-Tampering-3C4D');
const uuid = 'a1b2c3d4-5678-90ab-cdef-11111EXAMPLE';
const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
const stackArn = arn('cloudformation', 'stack/IamDrift/4f8e');

const own: OwnResources = {
  eventRules: ['Drift-RulesIam-5E6F'],
  eventBuses: ['iam-drift'],
  archives: ['iam-drift'],
  schedules: ['Drift-Schedule-7A8B'],
  queues: ['Drift-Changes-9C0D'],
  topics: [topicArn],
  functions: ['iam-drift-remediate'],
  eventSourceMappings: [uuid],
  roles: ['IamDriftRemediatorRemediate'],
  rolePrefixes: ['IamDriftRemediatorForwarding-'],
  canary: {
    roleName: 'IamDriftCanary',
    changedBy: [`arn:aws:iam::${account}:role/IamDriftRemediatorCanary`],
  },
  policies: [`arn:aws:iam::${account}:policy/Drift-Policy1-1E2F`],
  tables: [{ name: 'Drift-Ledger-3A4B', arn: arn('dynamodb', 'table/Drift-Ledger-3A4B') }],
  parameters: ['/iam-drift/mode'],
  secrets: ['team/slack'],
  keys: [{ name: keyId, arn: arn('kms', `key/${keyId}`) }],
  logGroups: ['Drift-Logs-5C6D'],
  alarmPrefix: 'iam-drift-',
  stack: { name: 'IamDrift', arn: stackArn },
};

/** The rule that tells of it, the call, what it says, and the same of what is not ours. */
type Move = readonly [rule: string, call: string, ours: JsonObject, others: JsonObject];

// Names of events as CloudTrail records them. Lambda's:
// https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
const moves: readonly Move[] = [
  ...['DeleteRule', 'DisableRule', 'EnableRule', 'PutRule'].map((call): Move => [
    'rules',
    `events:${call}`,
    { name: 'Drift-RulesIam-5E6F' },
    { name: 'Drift-RulesIam' },
  ]),
  ...['PutTargets', 'RemoveTargets'].map((call): Move => [
    'rules',
    `events:${call}`,
    { rule: 'Drift-RulesIam-5E6F', ids: ['Target0'] },
    { rule: 'their-rule', ids: ['Target0'] },
  ]),
  ['rules', 'events:DisableRule', { name: `${TAMPER_RULE_PREFIX}watch` }, { name: 'iam-drift-orders' }],
  ['rules', 'events:DeleteEventBus', { name: 'iam-drift' }, { name: 'orders' }],
  ['rules', 'events:DeleteArchive', { archiveName: 'iam-drift' }, { archiveName: 'orders' }],
  // Its key encrypts the patterns and targets of every rule on it; whoever disables that key has disabled them all.
  [
    'rules',
    'events:UpdateEventBus',
    { name: 'default', kmsKeyIdentifier: 'alias/theirs' },
    { name: 'orders' },
  ],
  ['rules', 'events:UpdateEventBus', { name: 'iam-drift' }, { name: 'orders' }],
  ['bus-policies', 'events:PutPermission', { eventBusName: 'iam-drift' }, { eventBusName: 'orders' }],
  ['bus-policies', 'events:PutPermission', { policy: '{}' }, { eventBusName: 'orders', policy: '{}' }],
  ['bus-policies', 'events:RemovePermission', { eventBusName: 'default' }, { eventBusName: 'orders' }],
  ...['UpdateSchedule', 'DeleteSchedule'].map((call): Move => [
    'schedules',
    `scheduler:${call}`,
    { name: 'Drift-Schedule-7A8B', groupName: 'default' },
    { name: 'nightly', groupName: 'default' },
  ]),
  ...['DeleteQueue', 'PurgeQueue', 'SetQueueAttributes', 'AddPermission', 'RemovePermission'].map(
    (call): Move => [
      'queues',
      `sqs:${call}`,
      { queueUrl: queueUrl('Drift-Changes-9C0D') },
      { queueUrl: queueUrl('Drift-Changes-9C0D-other') },
    ],
  ),
  [
    'queues',
    'sqs:DeleteQueue',
    { queueUrl: `https://queue.amazonaws.com/${account}/Drift-Changes-9C0D` },
    { queueUrl: `https://queue.amazonaws.com/${account}/orders` },
  ],
  ...['Drift-Changes-9C0D', `${queueUrl('Drift-Changes-9C0D')}/`].map((url): Move => [
    'queues',
    'sqs:PurgeQueue',
    { queueUrl: url },
    { queueUrl: url.replace('9C0D', '9C0E') },
  ]),
  [
    'queues',
    'sqs:StartMessageMoveTask',
    { sourceArn: arn('sqs', 'Drift-Changes-9C0D') },
    { sourceArn: arn('sqs', 'orders') },
  ],
  ...['DeleteTopic', 'SetTopicAttributes', 'AddPermission', 'RemovePermission', 'Subscribe'].map(
    (call): Move => ['topics', `sns:${call}`, { topicArn }, { topicArn: `${topicArn}-other` }],
  ),
  ['topics', 'sns:PutDataProtectionPolicy', { resourceArn: topicArn }, { resourceArn: `${topicArn}-other` }],
  ...['Unsubscribe', 'SetSubscriptionAttributes'].map((call): Move => [
    'topics',
    `sns:${call}`,
    { subscriptionArn: `${topicArn}:${uuid}` },
    { subscriptionArn: `${topicArn}-other:${uuid}` },
  ]),
  ...[
    'UpdateFunctionCode20150331v2',
    'UpdateFunctionConfiguration20150331v2',
    'DeleteFunction20150331',
    'PutFunctionConcurrency20171031',
    'DeleteFunctionConcurrency20171031',
    'AddPermission20150331v2',
    'RemovePermission20150331v2',
    'CreateFunctionUrlConfig',
    'PutFunctionCodeSigningConfig',
    'PutFunctionEventInvokeConfig',
    'PutFunctionRecursionConfig',
    'PutRuntimeManagementConfig',
    'PublishVersion20150331',
    'UpdateAlias20150331',
  ].map((call): Move => [
    'functions',
    `lambda:${call}`,
    { functionName: 'iam-drift-remediate' },
    { functionName: 'iam-drift-remediate-orders' },
  ]),
  ...[
    arn('lambda', 'function:iam-drift-remediate'),
    arn('lambda', 'function:iam-drift-remediate:$LATEST'),
    `${account}:function:iam-drift-remediate`,
    'function:iam-drift-remediate',
    'iam-drift-remediate:$LATEST',
  ].map((functionName): Move => [
    'functions',
    'lambda:DeleteFunction20150331',
    { functionName },
    { functionName: functionName.replace('iam-drift-remediate', 'iam-drift-remediate2') },
  ]),
  ...['PutResourcePolicy', 'DeleteResourcePolicy'].map((call): Move => [
    'functions',
    `lambda:${call}`,
    { resourceArn: arn('lambda', 'function:iam-drift-remediate') },
    { resourceArn: arn('lambda', 'function:iam-drift-remediate2') },
  ]),
  // Code of somebody else with our rights. Handing a role over (PassRole) is no call, and not recorded.
  ...['CreateFunction20150331', 'UpdateFunctionConfiguration20150331v2'].map((call): Move => [
    'borrowers',
    `lambda:${call}`,
    { functionName: 'thief', role: `arn:aws:iam::${account}:role/iamDriftRemediatorRemediate` },
    { functionName: 'clerk', role: `arn:aws:iam::${account}:role/NotIamDriftRemediatorRemediate` },
  ]),
  ...['UpdateEventSourceMapping20150331', 'DeleteEventSourceMapping20150331'].map((call): Move => [
    'event-source-mappings',
    `lambda:${call}`,
    { uUID: uuid },
    { uUID: 'a1b2c3d4-5678-90ab-cdef-22222EXAMPLE' },
  ]),
  [
    'consumers',
    'lambda:CreateEventSourceMapping20150331',
    { functionName: 'thief', eventSourceArn: arn('sqs', 'Drift-Changes-9C0D') },
    { functionName: 'clerk', eventSourceArn: arn('sqs', 'orders') },
  ],
  // Or a pipe. How CloudTrail spells the member is not known, its service writes it large.
  ...['source', 'Source'].map((member): Move => [
    'consumers',
    'pipes:CreatePipe',
    { name: 'thief', [member]: arn('sqs', 'Drift-Changes-9C0D') },
    { name: 'clerk', [member]: arn('sqs', 'orders'), target: arn('sqs', 'Drift-Changes-9C0D') },
  ]),
  ...[
    'DeleteRole',
    'UpdateRole',
    'UpdateAssumeRolePolicy',
    'AttachRolePolicy',
    'DetachRolePolicy',
    'PutRolePolicy',
    'DeleteRolePolicy',
    'PutRolePermissionsBoundary',
  ].map((call): Move => [
    'roles',
    `iam:${call}`,
    { roleName: 'iamdriftremediatorREMEDIATE' },
    { roleName: 'IamDriftRemediatorRemediate2' },
  ]),
  ...['CreatePolicyVersion', 'SetDefaultPolicyVersion', 'DeletePolicyVersion', 'DeletePolicy'].map(
    (call): Move => [
      'policies',
      `iam:${call}`,
      { policyArn: `arn:aws:iam::${account}:policy/Drift-Policy1-1E2F` },
      { policyArn: `arn:aws:iam::${account}:policy/Drift-Policy1` },
    ],
  ),
  ...['DeleteTable', 'UpdateTable', 'UpdateTimeToLive', 'UpdateContinuousBackups'].flatMap(
    (call): readonly Move[] => [
      ['ledger', `dynamodb:${call}`, { tableName: 'Drift-Ledger-3A4B' }, { tableName: 'orders' }],
      [
        'ledger',
        `dynamodb:${call}`,
        { tableName: arn('dynamodb', 'table/Drift-Ledger-3A4B') },
        { tableName: arn('dynamodb', 'table/orders') },
      ],
    ],
  ),
  [
    'ledger',
    'dynamodb:DeleteBackup',
    { backupArn: arn('dynamodb', 'table/Drift-Ledger-3A4B/backup/0154-abcd') },
    { backupArn: arn('dynamodb', 'table/Drift-Ledger-3A4B2/backup/0154-abcd') },
  ],
  [
    'ledger',
    'dynamodb:PutResourcePolicy',
    { resourceArn: arn('dynamodb', 'table/Drift-Ledger-3A4B') },
    { resourceArn: arn('dynamodb', 'table/orders') },
  ],
  ...['PutParameter', 'DeleteParameter'].map((call): Move => [
    'parameters',
    `ssm:${call}`,
    { name: '/iam-drift/mode' },
    { name: '/orders/mode' },
  ]),
  ['parameters', 'ssm:DeleteParameters', { names: ['/a', '/iam-drift/mode'] }, { names: ['/a', '/b'] }],
  ...['DeleteSecret', 'PutSecretValue', 'UpdateSecret', 'PutResourcePolicy'].flatMap(
    (call): readonly Move[] => [
      ['secrets', `secretsmanager:${call}`, { secretId: 'team/slack' }, { secretId: 'team/slacker' }],
      [
        'secrets',
        `secretsmanager:${call}`,
        { secretId: arn('secretsmanager', 'secret:team/slack-AbCdEf') },
        { secretId: arn('secretsmanager', 'secret:other/team/slack-AbCdEf') },
      ],
      [
        'secrets',
        `secretsmanager:${call}`,
        { secretId: arn('secretsmanager', 'secret:team/slack') },
        { secretId: arn('secretsmanager', 'secret:team/slacker') },
      ],
    ],
  ),
  ...['DeleteImportedKeyMaterial', 'DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy'].flatMap(
    (call): readonly Move[] => [
      ['keys', `kms:${call}`, { keyId }, { keyId: keyId.replace('1234', '4321') }],
      ['keys', `kms:${call}`, { keyId: arn('kms', `key/${keyId}`) }, { keyId: arn('kms', 'key/other') }],
    ],
  ),
  ...['AssociateKmsKey', 'DeleteLogGroup', 'DeleteLogStream', 'PutRetentionPolicy'].map((call): Move => [
    'logs',
    `logs:${call}`,
    { logGroupName: 'Drift-Logs-5C6D' },
    { logGroupName: 'Drift-Logs' },
  ]),
  [
    'logs',
    'logs:AssociateKmsKey',
    { resourceIdentifier: arn('logs', 'log-group:Drift-Logs-5C6D'), kmsKeyId: 'theirs' },
    { resourceIdentifier: arn('logs', 'log-group:Drift-Logs') },
  ],
  ...['Drift-Logs-5C6D', arn('logs', 'log-group:Drift-Logs-5C6D')].map((logGroupIdentifier): Move => [
    'logs',
    'logs:PutDataProtectionPolicy',
    { logGroupIdentifier },
    { logGroupIdentifier: 'Drift-Logs' },
  ]),
  ...['DeleteAlarms', 'DisableAlarmActions'].map((call): Move => [
    'alarms',
    `monitoring:${call}`,
    { alarmNames: ['iam-drift-no-resync'] },
    { alarmNames: ['orders-errors'] },
  ]),
  ...['PutMetricAlarm', 'SetAlarmState'].map((call): Move => [
    'alarms',
    `monitoring:${call}`,
    { alarmName: 'iam-drift-no-resync' },
    { alarmName: 'orders-errors' },
  ]),
  [
    'alarms',
    'monitoring:PutAlarmMuteRule',
    { name: 'quiet', muteTargets: { alarmNames: ['orders-errors', 'iam-drift-no-resync'] } },
    { name: 'quiet', muteTargets: { alarmNames: ['orders-errors'] } },
  ],
  // Metrics that nobody can decrypt set off no alarm.
  [
    'alarms',
    'monitoring:AssociateDatasetKmsKey',
    { datasetIdentifier: 'default', kmsKeyArn: 'theirs' },
    { name: 'other' },
  ],
  ...['DeleteStack', 'ExecuteChangeSet', 'SetAlias', 'UpdateStack', 'UpdateTerminationProtection'].flatMap(
    (call): readonly Move[] => [
      ['stack', `cloudformation:${call}`, { stackName: 'IamDrift' }, { stackName: 'Orders' }],
      ['stack', `cloudformation:${call}`, { stackName: stackArn }, { stackName: 'IamDriftOrders' }],
    ],
  ),
  // Takes resources out of a stack, whatever protects it.
  ...['IamDrift', stackArn].flatMap((stackName): readonly Move[] => [
    [
      'stack',
      'cloudformation:CreateStackRefactor',
      refactored(stackName, 'Orders'),
      refactored('Orders', 'x'),
    ],
    [
      'stack',
      'cloudformation:CreateStackRefactor',
      refactored('Orders', stackName),
      refactored('x', 'Orders'),
    ],
    [
      'stack',
      'cloudformation:CreateStackRefactor',
      { stackDefinitions: [{ stackName: 'Orders' }, { stackName }] },
      { stackDefinitions: [{ stackName: 'Orders' }, { stackName: 'IamDriftOrders' }] },
    ],
  ]),
];

function moved(stackName: string) {
  return { stackName, logicalResourceId: 'Queue' };
}

/** As CloudTrail would record that a resource moves from one stack to another. */
function refactored(from: string, to: string): JsonObject {
  return {
    resourceMappings: [
      { source: moved('Other'), destination: moved('Else') },
      { source: moved(from), destination: moved(to) },
    ],
  };
}

const trailCalls = ['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors'];
const organizationCalls = ['LeaveOrganization', 'AcceptHandshake'];
const policiesForAllLogs = ['PutAccountPolicy', 'DeleteAccountPolicy'];

const rules = [...tamperRules(own), watchRule(tamperTopicArn)];

/** Names of the rules that deliver it, without their common beginning. */
function tellers(call: string, requestParameters: JsonObject, rest: JsonObject = {}): readonly string[] {
  const [service, eventName] = call.split(':');
  const event = {
    ...inEnvelope({
      eventVersion: '1.11',
      eventSource: `${service}.amazonaws.com`,
      eventName: eventName ?? '',
      requestParameters,
      readOnly: false,
      managementEvent: true,
      ...rest,
    }),
    source: `aws.${service}`,
  };
  return rules
    .filter(({ pattern }) => matchesEvent(pattern, event))
    .map(({ name }) => name.slice(TAMPER_RULE_PREFIX.length));
}

const issuedBy = (name: string) => ({
  userIdentity: { sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${account}:role/${name}` } } },
});

describe('tampering is told', () => {
  it.each(moves)('by the rule "%s" of %s on %j, not on %j', (rule, call, ours, others) => {
    expect(tellers(call, ours)).toContain(rule);
    expect(tellers(call, others)).toEqual([]);
  });

  it.each(trailCalls)('by the rule "trails" of cloudtrail:%s on any trail', (call) => {
    expect(tellers(`cloudtrail:${call}`, { name: 'management-events' })).toEqual(['trails']);
    expect(tellers('cloudtrail:StartLogging', { name: 'management-events' })).toEqual([]);
  });

  it('by the rule "canary" of everybody who changes the canary role and is not there for that', () => {
    const ours = { roleName: 'IamDriftCanary' };
    expect(tellers('iam:AttachRolePolicy', ours, issuedBy('IamDriftRemediatorCanary'))).toEqual([]);
    expect(tellers('iam:AttachRolePolicy', ours, issuedBy('Administrator'))).toEqual(['canary']);
    expect(tellers('iam:AttachRolePolicy', ours, { userIdentity: { type: 'IAMUser' } })).toEqual(['canary']);
    expect(tellers('iam:AttachRolePolicy', { roleName: 'IamDriftCanary2' })).toEqual([]);
  });

  it.each(organizationCalls)(
    'by the rule "organization" of organizations:%s, which takes the SCP away',
    (call) => {
      expect(tellers(`organizations:${call}`, {})).toEqual(['organization']);
      expect(tellers('organizations:DeclineHandshake', {})).toEqual([]);
    },
  );

  it.each(policiesForAllLogs)(
    'by the rule "logs" of logs:%s: such a policy is for all log groups',
    (call) => {
      for (const policyType of ['DATA_PROTECTION_POLICY', 'METRIC_EXTRACTION_POLICY', 'RETENTION_POLICY'])
        expect(tellers(`logs:${call}`, { policyName: 'all', policyType })).toEqual(['logs']);
      expect(tellers('logs:PutResourcePolicy', { policyName: 'all' })).toEqual([]);
    },
  );

  it('by the rule "stack" of what executes any refactoring of stacks, since it does not say of which', () => {
    expect(tellers('cloudformation:ExecuteStackRefactor', { stackRefactorId: uuid })).toEqual(['stack']);
    expect(tellers('cloudformation:SignalResource', { stackName: 'IamDrift' })).toEqual([]);
  });

  it('by two rules when it is one of these rules, so that it cannot silence itself', () => {
    for (const name of rules.map((rule) => rule.name))
      for (const call of ['DeleteRule', 'DisableRule', 'PutRule'])
        expect(tellers(`events:${call}`, { name })).toEqual(['rules', 'watch']);
  });

  it('of its own topic by the rule that leads elsewhere', () => {
    expect(tellers('sns:DeleteTopic', { topicArn: tamperTopicArn })).toEqual(['watch']);
    expect(tellers('sns:Unsubscribe', { subscriptionArn: `${tamperTopicArn}:${uuid}` })).toEqual(['watch']);
  });

  it('of calls that AWS will invent, of old records, and of those that failed', () => {
    const ours = { functionName: 'iam-drift-remediate' };
    expect(tellers('lambda:PutFunctionOutOfOrder20300101', ours)).toEqual(['functions']);
    expect(tellers('lambda:DeleteFunction20150331', ours, { errorCode: 'AccessDenied' })).toEqual([
      'functions',
    ]);
    const old = {
      source: 'aws.lambda',
      detail: { eventSource: 'lambda.amazonaws.com', requestParameters: ours },
    };
    expect(rules.filter(({ pattern }) => matchesEvent(pattern, old)).length).toBe(1);
  });

  it('but neither of events of data nor of what somebody else calls so', () => {
    const ours = { functionName: 'iam-drift-remediate' };
    expect(tellers('lambda:Invoke', ours, { managementEvent: false })).toEqual([]);
    expect(tellers('logs:CreateLogStream', { logGroupName: 'Drift-Logs-5C6D' })).toEqual([]);
    const forged = {
      source: 'mine',
      detail: { eventSource: 'lambda.amazonaws.com', requestParameters: ours },
    };
    expect(rules.some(({ pattern }) => matchesEvent(pattern, forged))).toBe(false);
  });
});

/** What stands in code quotes in a cell of a table. */
const quoted = (cell: string | undefined) =>
  [...(cell ?? '').matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name);

describe('the threat model', () => {
  const [, table = ''] = readFileSync('docs/threat-model.md', 'utf8').split(
    '| rule `iam-drift-tampering-…` |\n',
  );
  const [rows = ''] = table.split('\n\n');
  const documented = rows.split('\n').map((row) => row.split('|').slice(2).map(quoted));

  it('has a row for each rule, and a test for each event that it names', () => {
    const tested = new Set([
      ...moves.map(([rule, call]) => `${rule} ${call.replace(/^.*:/, '')}`),
      ...trailCalls.map((call) => `trails ${call}`),
      ...organizationCalls.map((call) => `organization ${call}`),
      ...policiesForAllLogs.map((call) => `logs ${call}`),
      'stack ExecuteStackRefactor',
    ]);
    for (const [calls = [], rulesOfRow = []] of documented)
      for (const call of calls)
        expect([call, rulesOfRow.some((rule) => tested.has(`${rule} ${call}`))]).toEqual([call, true]);
    const named = new Set(documented.flatMap(([, rulesOfRow = []]) => rulesOfRow));
    for (const { name } of rules) expect([...named]).toContain(name.slice(TAMPER_RULE_PREFIX.length));
  });
});

describe('the rules', () => {
  it('are taken by EventBridge with the longest names', () => {
    const everything = tamperRules({
      eventRules: many('rule', 64),
      eventBuses: many('bus', 64),
      archives: many('archive', 48),
      schedules: ['schedule'.padEnd(64, 'x')],
      queues: many('queue', 80),
      topics: many('arn:aws-us-gov:sns:us-gov-west-1:111122223333:', 47 + 256),
      functions: many('iam-drift-', 32),
      eventSourceMappings: many('', 36),
      roles: many('IamDriftRemediator', 64),
      rolePrefixes: ['IamDriftRemediatorForwarding-'],
      canary: {
        roleName: 'canary',
        changedBy: many(`arn:aws-us-gov:iam::${account}:role/`, 100).slice(0, 2),
      },
      policies: many(`arn:aws-us-gov:iam::${account}:policy/`, 38 + 128),
      tables: [{ name: 'x'.repeat(255), arn: arn('dynamodb', `table/${'x'.repeat(255)}`) }],
      parameters: ['x'.repeat(512)],
      secrets: ['x'.repeat(512)],
      keys: many(arn('kms', 'key/mrk-'), 90).map((key) => ({ name: key.slice(-36), arn: key })),
      logGroups: many('log', 256),
      alarmPrefix: 'iam-drift-',
      stack: { name: 'x'.repeat(128), arn: arn('cloudformation', `stack/${'x'.repeat(128)}/${uuid}`) },
    });
    for (const { name, pattern } of everything) {
      expect([name, JSON.stringify(pattern).length > 2048]).toEqual([name, false]);
      expect([name, matchesEvent(pattern, {})]).toEqual([name, false]);
      expect(name.length).toBeLessThanOrEqual(64);
    }
    expect(new Set(everything.map(({ name }) => name)).size).toBe(everything.length);
  });

  it('are not made for what is not there', () => {
    const names = tamperRules({ ...own, canary: null, keys: [], secrets: [], policies: [] }).map(
      ({ name }) => name,
    );
    for (const absent of ['canary', 'keys']) expect(names).not.toContain(`${TAMPER_RULE_PREFIX}${absent}`);
    expect(names).toContain(`${TAMPER_RULE_PREFIX}trails`);
  });
});

/** Thirty long names. */
function many(prefix: string, length: number): readonly string[] {
  return Array.from({ length: 30 }, (_, index) => `${prefix}${index}`.padEnd(length, 'x'));
}
