import { type MessageAttributeValue, PublishCommand, SNSClient } from '@aws-sdk/client-sns';

import type { ReconcileReport } from '../model.ts';
import { renderEmail } from '../notifications/email.ts';
import { toNotification } from '../notifications/to-notification.ts';

/** An SNS topic as a channel: e-mail text, with attributes for filter policies. Quiet news is not sent. */
export function snsChannel(TopicArn: string): {
  readonly name: string;
  readonly deliver: (report: ReconcileReport) => Promise<void>;
} {
  const sns = new SNSClient({});
  return {
    name: 'sns',
    deliver: async (report) => {
      const notification = toNotification(report);
      if (notification === null) return;
      const { subject, text } = renderEmail(notification);
      await sns.send(
        new PublishCommand({
          TopicArn,
          Subject: subject,
          Message: text,
          MessageAttributes: {
            account: attribute(report.role.accountId),
            role: attribute(report.role.roleName),
            outcome: attribute(report.outcome),
            severity: attribute(report.severity),
          },
        }),
      );
    },
  };
}

function attribute(StringValue: string): MessageAttributeValue {
  return { DataType: 'String', StringValue };
}
