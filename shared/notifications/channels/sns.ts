import type { ReconcileReport } from '../../model.ts';
import { announcementInWords } from '../announcement-in-words.ts';
import { defineChannel, type News } from '../define-channel.ts';
import { type Email, longestEmail, renderEmail, renderEmailDigest } from '../email.ts';
import { emailSubject, jsonText } from '../escape.ts';
import { renderJson } from '../json.ts';

/** SNS takes 262,144 bytes: the JSON is quoted within JSON, which may double it, and the e-mail stands beside it. */
const longestJson = 90_000;

/**
 * An SNS topic: an e-mail for people, JSON for queues, functions and HTTPS, and attributes for filter policies. The JSON of
 * one report is the report; a digest's is `{schemaVersion, reports}`. Each is shortened, with a pointer into the ledger,
 * where it is too large. What an operator has said has the attributes account and role only, so filters by severity pass it
 * over. Who needs every report whole subscribes to the event bus.
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
  announce: (announcement) => {
    const { title, lines } = announcementInWords(announcement);
    const subject = emailSubject(title);
    return {
      subject,
      message: {
        default: jsonText({ schemaVersion: '1', announcement }),
        email: lines.map((line) => `${line}\n`).join(''),
        sms: subject,
      },
      attributes: {
        account: announcement.accountId,
        ...(announcement.roleName === null ? {} : { role: announcement.roleName }),
      },
    };
  },
  fits: ({ message }) =>
    Buffer.byteLength(message.email) <= longestEmail && message.default.length <= longestJson,
  deliver: async (message, topicArn, { publish }) => publish(topicArn, message),
});

type Body = {
  readonly subject: string;
  readonly message: { readonly default: string; readonly email: string; readonly sms: string };
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
};

function body({ subject, text }: Email, json: string, reports: readonly ReconcileReport[]): Body {
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
