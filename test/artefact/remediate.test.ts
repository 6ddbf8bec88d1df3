import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import type { EmbeddedAccount } from '../../shared/embedded-account/account.ts';
import { startEmbeddedAccount } from '../../shared/embedded-account/server.ts';
import { usualLimits } from '../../shared/guards/limits.ts';
import { dynamoDbLedger } from '../../shared/ledger/dynamodb.ts';
import type { Json } from '../../shared/model.ts';
import { loadSpec } from '../../shared/spec/load-spec.ts';
import { anIamEvent, inEnvelope } from '../support/cloudtrail-events.ts';
import { ledgerTable, type LocalTable } from '../support/dynamodb.ts';
import { jsonService, type JsonService } from '../support/json-service.ts';
import { type RunningFunction, runFunction } from '../support/lambda-runtime/run-function.ts';
import { ACCOUNT_ID, sqsBatch, testClock } from '../support/scene.ts';

const bundle = join(import.meta.dirname, '../../dist/functions/remediate');
const trustsEc2: Json = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const backdoor: Json = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
};

let account: EmbeddedAccount;
let table: LocalTable;
let parameters: JsonService;
let events: JsonService;
let queues: JsonService;
let folder: string;
let remediate: RunningFunction;

beforeAll(async () => {
  if (!existsSync(join(bundle, 'index.mjs'))) throw new Error('there is no bundle yet: run "npm run build"');
  folder = mkdtempSync(join(tmpdir(), 'iam-drift-'));
  const { spec } = loadSpec(
    JSON.stringify({
      version: 1,
      defaults: { mode: 'enforce' },
      roles: [{ name: 'app', trustPolicy: trustsEc2 }],
    }),
    'roles.yaml',
  );
  const specFile = join(folder, 'spec.json');
  writeFileSync(specFile, JSON.stringify(spec));
  account = await startEmbeddedAccount({ accountId: ACCOUNT_ID });
  account.createRole({ roleName: 'app', trustPolicy: trustsEc2 });
  table = await ledgerTable();
  parameters = await jsonService(() => ({ Parameter: { Value: 'run' } }));
  events = await jsonService(() => ({ FailedEntryCount: 0, Entries: [{ EventId: 'e1' }] }));
  queues = await jsonService(({ input }) => ({ MessageId: 'm1', MD5OfMessageBody: md5Of(input) }));
  remediate = await runFunction(bundle, {
    ACCOUNT_ID,
    CONTROLS_TABLE: 'controls',
    GUARD_LIMITS: JSON.stringify(usualLimits),
    HAS_CANARY: 'false',
    KILL_SWITCH_PARAMETER: '/iam-drift/kill-switch',
    CHANGES_QUEUE_URL: `${queues.endpoint}/${ACCOUNT_ID}/changes`,
    LEDGER_RETENTION_DAYS: '400',
    LEDGER_TABLE: table.tableName,
    REPORT_BUS_NAME: 'iam-drift',
    SPEC_FILE: specFile,
    AWS_ENDPOINT_URL_IAM: account.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    AWS_ENDPOINT_URL_EVENTBRIDGE: events.endpoint,
    AWS_ENDPOINT_URL_SQS: queues.endpoint,
    AWS_ENDPOINT_URL_SSM: parameters.endpoint,
  });
});

afterAll(async () => {
  await remediate.stop();
  await account.close();
  table.close();
  parameters.close();
  events.close();
  queues.close();
  rmSync(folder, { recursive: true });
});

const putTrust = (document: Json) =>
  anIamEvent(
    'UpdateAssumeRolePolicy',
    { roleName: 'app', policyDocument: JSON.stringify(document) },
    { eventTime: new Date().toISOString().replace(/\.\d+/, '') },
  );

/** SQS answers with the digest of the body, and the SDK compares. */
function md5Of(input: unknown): string {
  const { MessageBody } = z.parse(z.object({ MessageBody: z.string() }), input);
  return createHash('md5').update(MessageBody).digest('hex');
}

describe('the remediate bundle, run by AWS’s runtime interface client', () => {
  it('puts a backdoored role back, keeps the incident in DynamoDB and puts the report on the bus', async () => {
    account.apply({
      eventName: 'UpdateAssumeRolePolicy',
      requestParameters: { roleName: 'app', policyDocument: JSON.stringify(backdoor) },
    });
    const event = putTrust(backdoor);
    expect(await remediate.invoke(sqsBatch([JSON.stringify(inEnvelope(event))]))).toEqual({
      batchItemFailures: [],
    });
    expect(account.role('app')?.trustPolicy).toEqual(trustsEc2);

    const ledger = dynamoDbLedger({ ...table, clock: testClock(), retentionDays: 1 });
    expect(await ledger.list()).toMatchObject([
      { before: { trustPolicy: backdoor }, report: { outcome: 'remediated' } },
    ]);
    expect(events.calls).toMatchObject([
      {
        target: 'AWSEvents.PutEvents',
        input: { Entries: [{ EventBusName: 'iam-drift', DetailType: 'IAM Role Drift Remediated' }] },
      },
    ]);
  });

  it('answers with exactly the messages that must come again', async () => {
    const answer = await remediate.invoke(
      sqsBatch(['not json', JSON.stringify(inEnvelope(putTrust(trustsEc2)))]),
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  });

  it('asks for a second look at a change that reads as in sync at once', async () => {
    await remediate.invoke(sqsBatch([JSON.stringify(inEnvelope(putTrust(trustsEc2)))]));
    expect(queues.calls.at(-1)).toMatchObject({
      target: 'AmazonSQS.SendMessage',
      input: { DelaySeconds: 15 },
    });
  });

  it('logs JSON lines that name the role and the event, and metrics that CloudWatch reads', async () => {
    const event = putTrust(trustsEc2);
    await remediate.invoke(sqsBatch([JSON.stringify(inEnvelope(event))]));
    expect(remediate.log()).toContain('"roleName":"app"');
    expect(remediate.log()).toContain(JSON.stringify(event['eventID']));
    expect(remediate.log()).toContain('"Namespace":"IamDriftRemediator"');
  });

  it('keeps error types readable after minification', () => {
    expect(remediate.log()).toContain('UnreadableEventError');
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

  it('does not hold the embedded account', () => {
    expect(text.includes('embedded')).toBe(false);
  });
});
