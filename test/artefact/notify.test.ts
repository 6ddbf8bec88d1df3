import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { busEvent } from '../notify/notify-scene.ts';
import { ledgerTable, type LocalTable } from '../support/dynamodb.ts';
import { jsonService, type JsonService } from '../support/json-service.ts';
import { type RunningFunction, runFunction } from '../support/lambda-runtime/run-function.ts';
import { aReport } from '../support/reports.ts';
import { sqsBatch } from '../support/scene.ts';
import { slackAnswers, slackWebhook, type SlackWebhook } from '../support/slack-webhook.ts';
import { snsService, type SnsService } from '../support/sns-service.ts';

const bundle = join(import.meta.dirname, '../../dist/functions/notify');
const topicArn = 'arn:aws:sns:us-east-1:111122223333:drift';

let table: LocalTable;
let secrets: JsonService;
let sns: SnsService;
let slack: SlackWebhook;
let notify: RunningFunction;

beforeAll(async () => {
  if (!existsSync(join(bundle, 'index.mjs'))) throw new Error('there is no bundle yet: run "npm run build"');
  table = await ledgerTable();
  slack = await slackWebhook();
  secrets = await jsonService(() => ({ Name: 'team/slack', SecretString: slack.url }));
  sns = await snsService();
  notify = await runFunction(bundle, {
    TOPIC_ARN: topicArn,
    SLACK_SECRET_NAME: 'team/slack',
    LEDGER_RETENTION_DAYS: '400',
    LEDGER_TABLE: table.tableName,
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    AWS_ENDPOINT_URL_SNS: sns.endpoint,
  });
});

afterAll(async () => {
  await notify.stop();
  table.close();
  secrets.close();
  sns.close();
  slack.close();
});

const deliver = async (id: string) => notify.invoke(sqsBatch([busEvent(aReport({ id }))]));

describe('the notify bundle, run by AWS’s runtime interface client', () => {
  it('tells a report by e-mail and in Slack, once', async () => {
    expect(await deliver('R1')).toEqual({ batchItemFailures: [] });
    expect(await deliver('R1')).toEqual({ batchItemFailures: [] });
    expect(slack.messages).toHaveLength(1);
    expect(sns.published).toMatchObject([
      {
        TopicArn: topicArn,
        MessageStructure: 'json',
        'MessageAttributes.entry.1.Name': 'account',
        'MessageAttributes.entry.1.Value.StringValue': '111122223333',
      },
    ]);
    expect(sns.published[0]?.['Subject']).toContain('Critical, put back: deploy');
    expect(secrets.calls.map(({ target }) => target)).toEqual(['secretsmanager.GetSecretValue']);
  });

  it('tells SNS though Slack is down, and then only Slack', async () => {
    slack.answerNext(slackAnswers.broken);
    expect(await deliver('R2')).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(await deliver('R2')).toEqual({ batchItemFailures: [] });
    expect(sns.published).toHaveLength(2);
    expect(slack.messages).toHaveLength(2);
  });

  it('and Slack though SNS is down', async () => {
    sns.refuse(true);
    expect(await deliver('R3')).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    sns.refuse(false);
    expect(await deliver('R3')).toEqual({ batchItemFailures: [] });
    expect(sns.published).toHaveLength(3);
    expect(slack.messages).toHaveLength(3);
  });

  it('keeps the webhook’s address out of its log', () => {
    expect(notify.log()).toContain('Slack answers 500');
    expect(notify.log()).not.toContain('/services/');
  });
});

describe('the bundle’s text', () => {
  const text = readFileSync(join(bundle, 'index.mjs'), 'utf8');

  it('holds none of the credential sources that a Lambda never uses', () => {
    expect(/sso-oidc|fromIni|SSOClient/.test(text)).toBe(false);
  });

  it('does not import node:http, which would load undici at start', () => {
    expect(/from ?"(?:node:)?http"/.test(text)).toBe(false);
  });
});
