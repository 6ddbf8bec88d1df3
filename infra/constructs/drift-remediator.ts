import { Aws, CfnRule, Fn, Stack, Token } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

import { aspects } from '../../shared/aspects/index.ts';
import { forwardingRules } from '../../shared/eventbridge/forwarding.ts';
import { eventRules } from '../../shared/eventbridge/rules.ts';
import { channels } from '../../shared/notifications/channels/index.ts';
import type { ConfiguredChannel } from '../../shared/notifications/configured-channels.ts';
import { functionBundles } from '../function-bundles.ts';
import { ownRoleNames } from '../names.ts';
import { withCanary } from '../canary-spec.ts';
import { readSpec } from '../read-spec.ts';
import { InvalidSettingsError, type ResolvedSettings, resolveSettings } from '../resolve-settings.ts';
import type { Settings } from '../settings.ts';
import { Alarms } from './alarms.ts';
import { Canary } from './canary.ts';
import { Overview } from './dashboard.ts';
import { EventRules } from './event-rules.ts';
import { LedgerTable } from './ledger-table.ts';
import { NotifyFunction } from './notify-function.ts';
import { onlyWrittenBy } from './only-written-by.ts';
import { Operators } from './operators.ts';
import { DeadLetterQueue, QueueWithDeadLetters } from './queue-with-dead-letters.ts';
import { RemediateFunction } from './remediate-function.ts';
import { ReportBus } from './report-bus.ts';
import { ResyncFunction } from './resync-function.ts';
import { ResyncTriggers } from './resync-triggers.ts';
import { SelfDefence } from './self-defence.ts';
import { AlarmTopic, EmailTopic } from './topics.ts';

export interface DriftRemediatorProps extends Settings {
  /**
   * Folder of the built functions: `remediate/index.mjs` and so on.
   * @default - those of this package
   */
  readonly functionBundles?: string;
}

/**
 * Watches the IAM roles that a spec declares and puts them back when somebody changes them: everything that one
 * account needs, in the region where IAM's events arrive. One to an account: its roles have fixed names.
 *
 * @throws {InvalidSettingsError} for settings that cannot be used, or a stack in a region without IAM events.
 * @throws {InvalidSpecError} for a spec that cannot be used.
 */
export class DriftRemediator extends Construct {
  /** Incidents, and what was there before each. */
  readonly ledger: Table;
  /** Exemptions, approvals and resumes: what operators have said. */
  readonly controls: Table;
  /** Alone may write those, and turn the kill switch. */
  readonly operatorRole: IRole;
  /** Drift reports for people. */
  readonly notificationTopic: ITopic;
  /** Trouble of the remediator itself. */
  readonly alarmTopics: readonly ITopic[];
  /** Somebody laid hands on the remediator. */
  readonly tamperTopic: ITopic;
  /** Name of the bus that carries each report as an event. */
  readonly reportBusName: string;

  constructor(scope: Construct, id: string, props: DriftRemediatorProps = {}) {
    super(scope, id);
    const { functionBundles: bundles = functionBundles(), ...given } = props;
    const settings = resolveSettings(given);
    requireRegion(this, settings.region);
    const declared = readSpec(settings.specFile, settings.mode);
    const spec = settings.canary ? withCanary(declared) : declared;

    const changes = new QueueWithDeadLetters(this, 'Changes', { functionTimeout: RemediateFunction.timeout });
    const resyncs = new QueueWithDeadLetters(this, 'Resyncs', { functionTimeout: RemediateFunction.timeout });
    const reports = new QueueWithDeadLetters(this, 'Reports', { functionTimeout: NotifyFunction.timeout });
    const resyncDeadLetters = new DeadLetterQueue(this, 'ResyncDeadLetters');
    const tamperDeadLetters = new DeadLetterQueue(this, 'TamperDeadLetters');
    const rules = new EventRules(this, 'Rules', { rules: eventRules(aspects), queue: changes.queue });
    const reportBus = new ReportBus(this, 'ReportBus', {
      ...settings.reportBus,
      queue: reports.queue,
      hasCanary: settings.canary,
    });
    this.reportBusName = reportBus.busName;
    this.ledger = new LedgerTable(this, 'Ledger', settings);
    const operators = new Operators(this, 'Operators', {
      ledger: this.ledger,
      longestExemptionHours: settings.limits.exemptionHours,
      reports: reports.queue,
      resyncs: resyncs.queue,
    });
    this.controls = operators.controls;
    this.operatorRole = operators.role;
    onlyWrittenBy(this.ledger, [ownRoleNames.remediate, ownRoleNames.notify]);
    onlyWrittenBy(this.controls, [ownRoleNames.operator]);
    this.notificationTopic = notificationTopic(this, settings);
    this.alarmTopics = alarmTopics(this, settings);

    const channelsOn = channelsThatAreOn({
      ...settings.notifications.targets,
      topicArn: this.notificationTopic.topicArn,
    });
    const common = { bundles, logDays: settings.logDays, logLevel: settings.logLevel };
    const remediate = new RemediateFunction(this, 'Remediate', {
      ...common,
      spec,
      changes: changes.queue,
      resyncs: resyncs.queue,
      ledger: this.ledger,
      ledgerDays: settings.ledgerDays,
      limits: settings.limits,
      hasCanary: settings.canary,
      reportBus,
      operators,
    });
    const resync = new ResyncFunction(this, 'Resync', {
      ...common,
      spec,
      resyncs: resyncs.queue,
      deadLetters: resyncDeadLetters,
    });
    const notify = new NotifyFunction(this, 'Notify', {
      ...common,
      reports: reports.queue,
      ledger: this.ledger,
      ledgerDays: settings.ledgerDays,
      channels: channelsOn,
    });
    const triggers = new ResyncTriggers(this, 'ResyncTriggers', {
      resync: resync.function,
      everyHours: settings.resyncHours,
    });

    const canary = settings.canary ? new Canary(this, 'Canary', common) : null;

    const queues = new Map([
      ['changes', { queue: changes.queue, oldestMinutes: 10 }],
      ['resyncs', { queue: resyncs.queue, oldestMinutes: 60 }],
      ['reports', { queue: reports.queue, oldestMinutes: 15 }],
    ]);
    const deadLetters = new Map([
      ['changes', changes.deadLetters],
      ['resyncs', resyncs.deadLetters],
      ['reports', reports.deadLetters],
      ...[...rules.deadLetters].map(([name, queue]) => [`rule-${name}`, queue] as const),
      ['rule-reports', reportBus.deadLetters],
      ['rule-deployment', triggers.deploymentDeadLetters],
      ['schedule-resync', triggers.scheduleDeadLetters],
      ['resync-invocations', resyncDeadLetters],
      ['tampering', tamperDeadLetters],
      ...(canary === null ? [] : [['schedule-canary', canary.scheduleDeadLetters] as const]),
    ]);
    const functions = new Map([
      ['remediate', remediate.function],
      ['resync', resync.function],
      ['notify', notify.function],
      ...(canary === null ? [] : [['canary', canary.function] as const]),
    ]);
    const alarms = new Alarms(this, 'Alarms', {
      topics: this.alarmTopics,
      queues,
      deadLetters,
      functions,
      resyncHours: settings.resyncHours,
      hasCanary: settings.canary,
    });
    new Overview(this, 'Overview', {
      alarmNames: alarms.names,
      queues,
      deadLetters,
      functions,
    });
    const reachedBy = (kind: 'topic' | 'secret') =>
      channelsOn.filter(({ channel }) => channel.permission.on === kind).map(({ target }) => target);
    this.tamperTopic = new SelfDefence(this, 'SelfDefence', {
      ...settings.tampering,
      alarmTopics: this.alarmTopics,
      deadLetters: tamperDeadLetters,
      topicArns: reachedBy('topic'),
      eventBuses: [reportBus.busName],
      hasForwarding: forwardingRules(spec, aspects, settings.region).size > 0,
      secrets: reachedBy('secret'),
    }).topic;
  }
}

/** The stack's own topic is there in any case. */
function channelsThatAreOn(
  targets: ResolvedSettings['notifications']['targets'],
): readonly ConfiguredChannel[] {
  return channels.flatMap((channel) => {
    const target = targets[channel.setting.key];
    return target === undefined ? [] : [{ channel, target }];
  });
}

function notificationTopic(scope: Construct, { notifications }: ResolvedSettings): ITopic {
  const topicArn = notifications.targets['topicArn'];
  return topicArn === undefined
    ? new EmailTopic(scope, 'Notifications', { displayName: 'IAM role drift', emails: notifications.emails })
    : Topic.fromTopicArn(scope, 'Notifications', topicArn);
}

function alarmTopics(scope: Construct, { alarms }: ResolvedSettings): readonly ITopic[] {
  return alarms.topicArns.length === 0
    ? [new AlarmTopic(scope, 'AlarmTopic', alarms)]
    : alarms.topicArns.map((arn, index) => Topic.fromTopicArn(scope, `AlarmTopic${index + 1}`, arn));
}

/** IAM's events arrive in one region. Checked here where it is known, and by CloudFormation for whoever deploys the template. */
function requireRegion(scope: Construct, region: string): void {
  const { region: actual, stackName } = Stack.of(scope);
  if (Token.isUnresolved(actual))
    throw new InvalidSettingsError(
      `stack ${stackName} has no region; IAM's events arrive in ${region} only: give it env: { region: '${region}' }`,
    );
  if (actual !== region)
    throw new InvalidSettingsError(
      `stack ${stackName} is for region ${actual}, IAM's events arrive in ${region} only: give it env: { region: '${region}' }`,
    );
  new CfnRule(scope, 'RegionOfIamEvents', {
    assertions: [
      {
        assert: Fn.conditionEquals(Aws.REGION, region),
        assertDescription: `IAM's events arrive in ${region} only: deploy there`,
      },
    ],
  });
}
