import { App, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';

import { DriftRemediator } from '../../infra/constructs/drift-remediator.ts';
import { KILL_SWITCH_PARAMETER } from '../../infra/names.ts';
import { InvalidSettingsError } from '../../infra/resolve-settings.ts';
import { InvalidSpecError } from '../../shared/errors.ts';
import { placeholders, specFile, type Synthesised, synthesise } from './synthesise.ts';

const oneRole = `
version: 1
defaults: { mode: enforce }
roles:
  - name: ecsTaskExecutionRole
    preset: ecs-task-execution
`;
const policy = 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy';

/** Paths at which two templates differ. */
function differences(a: unknown, b: unknown, path = ''): readonly string[] {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return a === b ? [] : [path];
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) =>
    differences(left.get(key), right.get(key), `${path}/${key}`),
  );
}

function ofType({ resources }: Synthesised, type: string): readonly Readonly<Record<string, unknown>>[] {
  return [...resources(type).values()].map(({ Properties }) => Properties);
}

function killSwitch(of: Synthesised) {
  return ofType(of, 'AWS::SSM::Parameter').find(({ Name }) => Name === KILL_SWITCH_PARAMETER);
}

function construct(env?: { region: string }, props = {}): DriftRemediator {
  return new DriftRemediator(new Stack(new App(), 'Mine', env === undefined ? {} : { env }), 'Drift', {
    functionBundles: placeholders(),
    ...props,
  });
}

describe('settings in effect', () => {
  const own = synthesise({
    specFile: specFile(oneRole),
    mode: 'detect',
    notifications: {
      topicArn: 'arn:aws:sns:us-east-1:111122223333:drift',
      slackSecretName: 'team/slack',
    },
    alarms: { topicArns: ['arn:aws:sns:us-east-1:111122223333:on-call'] },
    reportBus: { existingName: 'security' },
    resyncHours: 6,
    ledgerDays: 30,
    logDays: 14,
    logLevel: 'DEBUG',
    deletionProtection: false,
    limits: { exemptionHours: 12 },
  });

  it('use topics and a bus that are there already', () => {
    // Tampering is told by a topic that nobody else uses.
    expect(ofType(own, 'AWS::SNS::Topic')).toEqual([{ DisplayName: 'iam-drift-remediator: tampering' }]);
    expect(ofType(own, 'AWS::Events::EventBus')).toEqual([]);
    expect(ofType(own, 'AWS::Events::Archive')).toEqual([]);
    expect(ofType(own, 'AWS::Events::Rule')).toContainEqual(
      expect.objectContaining({ EventBusName: 'security' }),
    );
    for (const alarm of ofType(own, 'AWS::CloudWatch::Alarm'))
      expect(alarm['AlarmActions']).toEqual(['arn:aws:sns:us-east-1:111122223333:on-call']);
  });

  it('reach the functions', () => {
    const functions = JSON.stringify(ofType(own, 'AWS::Lambda::Function'));
    for (const variable of [
      '"TOPIC_ARN":"arn:aws:sns:us-east-1:111122223333:drift"',
      '"SLACK_SECRET_NAME":"team/slack"',
      '"REPORT_BUS_NAME":"security"',
      '"LEDGER_RETENTION_DAYS":"30"',
      '"POWERTOOLS_LOG_LEVEL":"DEBUG"',
      '{\\"exemptionHours\\":12,',
    ])
      expect(functions).toContain(variable);
  });

  it('time the resync, the logs and the protection of the ledger', () => {
    expect(ofType(own, 'AWS::Scheduler::Schedule')).toContainEqual(
      expect.objectContaining({ ScheduleExpression: 'rate(6 hours)' }),
    );
    expect(ofType(own, 'AWS::CloudWatch::Alarm')).toContainEqual(
      expect.objectContaining({ AlarmName: 'iam-drift-no-resync', Period: 21_600 }),
    );
    for (const group of ofType(own, 'AWS::Logs::LogGroup')) expect(group['RetentionInDays']).toBe(14);
    expect(ofType(own, 'AWS::DynamoDB::Table')[0]?.['DeletionProtectionEnabled']).toBe(false);
  });

  // CloudFormation writes a parameter anew whenever anything of it changes, and "run" lifts a pause.
  it('leave the kill switch as it stands in the template', () => {
    const shipped = killSwitch(synthesise());
    expect(shipped).toMatchObject({ Type: 'String', Value: 'run' });
    for (const set of [own, synthesise({ canary: true })]) expect(killSwitch(set)).toEqual(shipped);
  });

  it('in detect mode take every right to write to IAM', () => {
    const roles = JSON.stringify(ofType(own, 'AWS::IAM::Role'));
    expect(roles).not.toContain('WriteRoles');
    expect(JSON.stringify(ofType(synthesise({ specFile: specFile(oneRole) }), 'AWS::IAM::Role'))).toContain(
      'WriteRoles',
    );
  });

  it('subscribe everybody named', () => {
    const emails = ['security@example.com', 'platform@example.com'];
    const subscribed = ofType(synthesise({ notifications: { emails } }), 'AWS::SNS::Subscription');
    expect(subscribed.map(({ Endpoint }) => String(Endpoint)).sort()).toEqual(
      [...emails, ...emails, ...emails].sort(),
    );
  });
});

describe('the spec', () => {
  it('changes the statements of one function, and what is bundled', () => {
    const added = `${oneRole}
  - name: app
    managedPolicies: ['${policy}/app']
`;
    const [before, after] = [oneRole, added].map((text) => synthesise({ specFile: specFile(text) }));
    const changed = differences(before?.template, after?.template);
    expect(changed.length).toBeGreaterThan(0);
    for (const path of changed)
      expect(path).toMatch(/^\/Resources\/DriftRemediatorRemediateRole\w+\/Properties\/Policies\/1\//);
  });

  it('too large for a role’s own policies becomes managed policies', () => {
    const roles = Array.from(
      { length: 60 },
      (_, index) => `
  - name: application-with-a-long-name-${index}
    managedPolicies: ['${policy}/application-with-a-long-name-${index}']`,
    );
    const stack = synthesise({
      specFile: specFile(`version: 1\ndefaults: { mode: enforce }\nroles:${roles.join('')}\n`),
    });
    const attached = ofType(stack, 'AWS::IAM::Role').flatMap(
      ({ ManagedPolicyArns }) => ManagedPolicyArns ?? [],
    );
    expect(attached.length).toBeGreaterThan(1);
    expect(ofType(stack, 'AWS::IAM::ManagedPolicy').length).toBe(attached.length);
  });

  it('that is invalid is refused with every fault', () => {
    const file = specFile('version: 1\nroles:\n  - name: a\n    preset: eks-nod\n  - name: cdk-deploy\n');
    expect(() => synthesise({ specFile: file })).toThrow(InvalidSpecError);
    expect(() => synthesise({ specFile: file })).toThrow(/:4:\d+ .*eks-node.*\n.*:5:\d+ .*CDK bootstrap/s);
  });

  it('that is not there is refused with the setting that names it', () => {
    expect(() => synthesise({ specFile: 'no/such.yaml' })).toThrow(/no\/such.yaml.*setting specFile/);
  });
});

describe('DriftRemediator in another app', () => {
  it('is refused in a region where IAM’s events do not arrive', () => {
    expect(() => construct({ region: 'eu-west-1' })).toThrow(InvalidSettingsError);
    expect(() => construct({ region: 'eu-west-1' })).toThrow(/Mine is for region eu-west-1.*us-east-1 only/);
    expect(() => construct()).toThrow(/Mine has no region.*env: \{ region: 'us-east-1' \}/);
  });

  it('follows a partition to its region', () => {
    expect(() => construct({ region: 'us-gov-west-1' }, { region: 'us-gov-west-1' })).not.toThrow();
  });

  it('refuses a setting that it does not know', () => {
    expect(() => construct({ region: 'us-east-1' }, { emails: [] })).toThrow(/setting emails is not known/);
  });

  it('says how to build the functions when they are missing', () => {
    expect(() => construct({ region: 'us-east-1' }, { functionBundles: '/nowhere' })).toThrow(
      /\/nowhere\/remediate\/index.mjs is missing: run "npm run build"/,
    );
  });
});
