import { type App, CfnOutput, Stack } from 'aws-cdk-lib';

import { DriftRemediator, type DriftRemediatorProps } from './constructs/drift-remediator.ts';
import { resolveSettings } from './resolve-settings.ts';

/** One installation, for whichever account it is deployed to. */
export class DriftRemediatorStack extends Stack {
  constructor(app: App, id: string, props: DriftRemediatorProps) {
    const { functionBundles: _, ...settings } = props;
    const { region, deletionProtection } = resolveSettings(settings);
    super(app, id, {
      description: 'iam-drift-remediator: puts declared IAM roles back when somebody changes them',
      env: { region },
      // One call must not take away what is watched together with what watches it.
      terminationProtection: deletionProtection,
    });
    const { controls, ledger, notificationTopic, operatorRole, alarmTopics, tamperTopic, reportBusName } =
      new DriftRemediator(this, 'DriftRemediator', props);
    this.#output('LedgerTableName', 'Incidents, and what was there before each', ledger.tableName);
    this.#output('ControlsTableName', 'What operators have said', controls.tableName);
    this.#output('OperatorRoleArn', 'To exempt, approve, resume and pause', operatorRole.roleArn);
    this.#output('NotificationTopicArn', 'Drift reports for people', notificationTopic.topicArn);
    this.#output('ReportBusName', 'Drift reports for programs', reportBusName);
    this.#output('TamperTopicArn', 'Somebody laid hands on the remediator', tamperTopic.topicArn);
    const [alarmTopic] = alarmTopics;
    if (alarmTopic !== undefined)
      this.#output('AlarmTopicArn', 'Trouble of the remediator itself', alarmTopic.topicArn);
  }

  #output(name: string, description: string, value: string): void {
    new CfnOutput(this, name, { description, value });
  }
}
