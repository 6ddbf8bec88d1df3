import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { IAMClient } from '@aws-sdk/client-iam';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';

import type { Settings } from '../../../infra/settings.ts';
import { systemClock } from '../../../shared/aws/system-clock.ts';
import { dynamoDbControls } from '../../../shared/ledger/dynamodb-controls.ts';
import { dynamoDbLedger } from '../../../shared/ledger/dynamodb.ts';
import { dynamoDbRoleStates } from '../../../shared/ledger/dynamodb-role-states.ts';
import type { JsonObject } from '../../../shared/model.ts';
import type { Ledger } from '../../../shared/ports/ledger.ts';
import type { RoleStates } from '../../../shared/ports/role-state.ts';
import { anIamEvent, inEnvelope } from '../../support/cloudtrail-events.ts';
import { type RunningFunction, runFunction } from '../../support/lambda-runtime/run-function.ts';
import { deploy, type DeployedFunction, type Deployment } from '../deployment/deploy.ts';
import { type Assembly, synthesise } from '../deployment/synthesise.ts';
import { ACCOUNT_ID } from '../moto/account.ts';
import { type Aws, emptyAccount } from '../moto/aws.ts';
import { type Carried, carry, type Feed, urlOfQueue } from './carry.ts';
import { catalogueSpec, createCatalogue } from './catalogue.ts';
import { type Gateway, gateway } from './gateway.ts';
import type { IamChange } from './iam-changes.ts';
import { type Subscriber, subscriber } from './subscriber.ts';

type QueueName = 'changes' | 'resyncs' | 'reports';

/** What is installed, and where. */
export interface Scene {
  /** Of its folder. */
  readonly name: string;
  /** JSON is YAML. */
  readonly spec: string;
  readonly settings?: Settings;
  /** Makes the account's roles. */
  readonly prepare: (iam: IAMClient) => Promise<void>;
}

/** The product, deployed and running in an account whose declared roles are as declared. */
export interface Installation {
  readonly aws: Aws;
  readonly ledger: Ledger;
  readonly roleStates: RoleStates;
  /** An operator says to go ahead: what has drifted so far is not counted against what comes. */
  readonly resume: () => Promise<void>;
  /** Between the remediate function and AWS. */
  readonly gateway: Gateway;
  /** What the functions asked for and their deployed roles do not allow. */
  denied(): readonly string[];
  readonly subscriber: Subscriber;
  readonly topicArn: string;
  deadLetterQueueUrl(name: QueueName): Promise<string>;
  /** Somebody makes the change, and CloudTrail tells of it. Answers the event's id. */
  happen(change: IamChange, eventId?: string): Promise<string>;
  /** CloudTrail tells of something. */
  putEvent(record: JsonObject): Promise<void>;
  /** Hands the next batch of a queue to its function. */
  carry(name: QueueName): Promise<Carried>;
  /** What the schedule does. */
  resync(): Promise<unknown>;
  /** What the canary's schedule does. Ends when the canary role was put back. */
  canary(): Promise<unknown>;
  stop(): Promise<void>;
}

const OUTPUT = join(import.meta.dirname, '../../../.cache/e2e');
// CloudTrail is seconds late; what is younger is looked at twice, which has a test of its own.
const LATE_MS = 20_000;

const assemblies = new Map<string, Assembly>();

/** Synthesised once a run. */
function assemblyOf({ name, spec, settings }: Scene): Assembly {
  const folder = join(OUTPUT, name);
  const specFile = join(folder, 'roles.yaml');
  const known = assemblies.get(name);
  if (known !== undefined) return known;
  mkdirSync(folder, { recursive: true });
  writeFileSync(specFile, spec);
  const assembly = synthesise({ ...settings, specFile }, join(folder, 'cdk.out'));
  assemblies.set(name, assembly);
  return assembly;
}

/** Every preset's example, as it is declared. */
const catalogueScene: Scene = { name: 'catalogue', spec: catalogueSpec, prepare: createCatalogue };

export async function install(scene: Scene = catalogueScene): Promise<Installation> {
  const aws = await emptyAccount();
  const deployment = await deploy(aws, assemblyOf(scene));
  await scene.prepare(aws.iam);
  const remediate = await start(aws, deployment, 'remediate');
  const resync = await start(aws, deployment, 'resync');
  const notify = await start(aws, deployment, 'notify');
  const canary = deployment.functions.has('canary') ? await start(aws, deployment, 'canary') : null;
  const all = [remediate, resync, notify, ...(canary === null ? [] : [canary])];
  const feeds = {
    changes: await feed(aws, deployment, remediate, remediate.environment['CHANGES_QUEUE_URL']),
    resyncs: await feed(aws, deployment, remediate, resync.environment['RESYNC_QUEUE_URL']),
    reports: await feed(aws, deployment, notify),
  };
  const controls = dynamoDbControls({
    client: aws.dynamodb,
    tableName: remediate.environment['CONTROLS_TABLE'] ?? '',
  });
  const inLedger = {
    client: aws.dynamodb,
    tableName: remediate.environment['LEDGER_TABLE'] ?? '',
    clock: systemClock,
  };
  const topicArn = notify.environment['TOPIC_ARN'] ?? '';
  const putEvent = (record: JsonObject) => put(aws, record);
  return {
    aws,
    resume: async () =>
      controls.resume(ACCOUNT_ID, { at: new Date().toISOString(), incidentId: 'e2e', by: 'e2e' }),
    ledger: dynamoDbLedger({ ...inLedger, retentionDays: 1 }),
    roleStates: dynamoDbRoleStates(inLedger),
    gateway: remediate.gateway,
    denied: () => all.flatMap(({ gateway: { denied } }) => denied),
    subscriber: await subscriber(aws.sns, aws.sqs, topicArn),
    topicArn,
    deadLetterQueueUrl: (name) => deadLetterQueueUrl(aws, feeds[name].queueUrl),
    happen: async ({ eventName, requestParameters, send }, eventID = randomUUID()) => {
      await send(aws.iam);
      const eventTime = secondsOf(Date.now() - LATE_MS);
      await putEvent(anIamEvent(eventName, requestParameters, { eventID, eventTime }));
      return eventID;
    },
    putEvent,
    carry: (name) => carry(aws.sqs, feeds[name]),
    resync: () => resync.lambda.invoke({}),
    canary: async () => {
      if (canary === null) throw new Error('this installation has no canary');
      return canary.lambda.invoke({});
    },
    stop: async () => {
      for (const { lambda, gateway: own } of all) {
        await lambda.stop();
        own.close();
      }
    },
  };
}

/** CloudTrail's resolution. */
export function secondsOf(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+/, '');
}

interface Started extends DeployedFunction {
  readonly lambda: RunningFunction;
  readonly gateway: Gateway;
}

/** In the environment that the template gives it; only where AWS is, and where Lambda unpacks, is ours. */
async function start({ endpoint, iam }: Aws, { functions }: Deployment, name: string): Promise<Started> {
  const deployed = functions.get(name);
  if (deployed === undefined) throw new Error(`the template has no function ${name}`);
  const { folder, environment, roleName } = deployed;
  const own = await gateway(endpoint, iam, { roleOf: () => roleName });
  const local = new Map(
    Object.entries(environment).map(([key, value]) => [
      key,
      value.replace(/^\/var\/task(?=\/)/, folder).replace(/^https:\/\/sqs\.[^/]+/, own.endpoint),
    ]),
  );
  const lambda = await runFunction(folder, {
    ...Object.fromEntries<string>(local),
    AWS_ENDPOINT_URL: own.endpoint,
  });
  return { ...deployed, lambda, gateway: own };
}

/** How a queue feeds a function: by the deployed event source mapping. Without a URL, the function's only one. */
async function feed(
  { sqs }: Aws,
  { mappings }: Deployment,
  { arn, lambda }: Started,
  url?: string,
): Promise<Feed> {
  const queueName = url?.slice(url.lastIndexOf('/') + 1) ?? '';
  const found = mappings.filter(
    ({ functionArn, queueArn }) => functionArn === arn && queueArn.endsWith(queueName),
  );
  const [mapping] = found;
  if (mapping === undefined || found.length > 1)
    throw new Error(`${found.length} queues named "${queueName}" feed ${arn}`);
  return { queueUrl: await urlOfQueue(sqs, mapping.queueArn), mapping, lambda };
}

const redrive = z.object({ deadLetterTargetArn: z.string() });

async function deadLetterQueueUrl({ sqs }: Aws, QueueUrl: string): Promise<string> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }),
  );
  const { deadLetterTargetArn } = z.parse(redrive, JSON.parse(Attributes?.['RedrivePolicy'] ?? '{}'));
  return urlOfQueue(sqs, deadLetterTargetArn);
}

async function put({ events }: Aws, record: JsonObject): Promise<void> {
  const { source, 'detail-type': detailType, detail } = z.parse(envelope, inEnvelope(record));
  const { Entries = [] } = await events.send(
    new PutEventsCommand({
      Entries: [{ Source: source, DetailType: detailType, Detail: JSON.stringify(detail) }],
    }),
  );
  if (Entries[0]?.EventId === undefined)
    throw new Error(`the bus does not take it: ${Entries[0]?.ErrorMessage}`);
}

const envelope = z.object({ source: z.string(), 'detail-type': z.string(), detail: z.json() });
