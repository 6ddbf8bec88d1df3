import type { ReconcileReport } from '../../model.ts';
import { defineChannel, type News } from '../define-channel.ts';
import { type Email, longestEmail, renderEmail, renderEmailDigest } from '../email.ts';
import { jsonText } from '../escape.ts';
import { renderJson } from '../json.ts';

/** SNS takes 262,144 bytes: the JSON is quoted within JSON, which may double it, and the e-mail stands beside it. */
const longestJson = 90_000;

/**
 * An SNS topic: an e-mail for people, JSON for queues, functions and HTTPS, and attributes for filter policies. The JSON of
 * one report is the report; a digest's is `{schemaVersion, reports}`. Each is shortened, with a pointer into the ledger,
 * where it is too large: who needs every report whole subscribes to the event bus.
 */
export const sns = defineChannel({
  name: 'sns',
  setting: {
    key: 'topicArn',
    variable: 'TOPIC_ARN',
    form: /^arn:[^:]+:sns:[a-z0-9-]+:\d{12}:[\w-]+$/,
    remedy: 'write the ARN of an SNS topic, such as arn:aws:sns:us-east-1:111122223333:drift',
  },
  permission: { action: 'sns:Publish', on: 'topic' },
  pauseMs: 0,
  render: ({ report, notification }) =>
    body(renderEmail(notification), jsonText(renderJson(report, longestJson)), [report]),
  digest: (news, part) => body(renderEmailDigest(news, part), digestJson(news), reportsOf(news)),
  fits: ({ message }) =>
    Buffer.byteLength(message.email) <= longestEmail && message.default.length <= longestJson,
  deliver: async (message, topicArn, { publish }) => publish(topicArn, message),
});

function body({ subject, text }: Email, json: string, reports: readonly ReconcileReport[]) {
  return {
    subject,
    message: { default: json, email: text, sms: subject },
    attributes: {
      account: values(reports.map(({ role }) => role.accountId)),
      role: values(reports.map(({ role }) => role.roleName)),
      outcome: values(reports.map(({ outcome }) => outcome)),
      severity: values(reports.map(({ severity }) => severity)),
    },
  };
}

function digestJson(news: readonly News[]): string {
  const share = Math.floor((longestJson - 100) / news.length);
  return jsonText({ schemaVersion: '1', reports: news.map(({ report }) => renderJson(report, share)) });
}

const reportsOf = (news: readonly News[]) => news.map(({ report }) => report);

/** One value is a string; a filter policy matches a list by any of its values. */
function values(all: readonly string[]): string | readonly string[] {
  const distinct = [...new Set(all)].sort();
  const [only] = distinct;
  return distinct.length === 1 && only !== undefined ? only : distinct;
}
