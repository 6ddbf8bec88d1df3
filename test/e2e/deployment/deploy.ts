import {
  type EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as z from 'zod/mini';

import { zipArchive } from '../../../scripts/zip-archive.ts';
import { ACCOUNT_ID, REGION } from '../moto/account.ts';
import { type Aws, jsonCall, queryCall, restCall } from '../moto/aws.ts';
import { attachManagedPolicies, repairInlinePolicies, rolesIn } from './repair-policies.ts';
import type { Assembly, Template } from './synthesise.ts';

/** A function as it was deployed. */
export interface DeployedFunction {
  readonly arn: string;
  readonly roleName: string;
  /** Of the cloud assembly: what its zip file was made of. */
  readonly folder: string;
  /** As the template says, references resolved by CloudFormation. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Which queue feeds which function, and how. */
export interface Mapping {
  readonly queueArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
  /** Without it Lambda takes every batch for done that did not throw. */
  readonly reportsFailures: boolean;
}

export interface Deployment {
  /** CloudFormation's last word. */
  readonly status: string;
  /** By the name without `iam-drift-`. */
  readonly functions: ReadonlyMap<string, DeployedFunction>;
  readonly mappings: readonly Mapping[];
}

const STACK_NAME = 'IamDriftRemediator';
const BOOTSTRAP_BUCKET = `cdk-hnb659fds-assets-${ACCOUNT_ID}-${REGION}`;

/** Deploys the assembly as `cdk deploy` does: the zip files to the bootstrap's bucket, the template to CloudFormation. */
export async function deploy(aws: Aws, { template, assetFolder }: Assembly): Promise<Deployment> {
  const functions = lambdaFunctions(template);
  await bootstrap(aws.endpoint);
  for (const { key } of functions) await upload(aws.endpoint, key, zipped(assetFolder(key)));
  await queryCall(aws.endpoint, 'cloudformation', {
    Action: 'CreateStack',
    StackName: STACK_NAME,
    TemplateBody: JSON.stringify(template),
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
  });
  const deployed = await Promise.all(
    functions.map(async ({ name, key }): Promise<[string, DeployedFunction]> => [
      name.replace('iam-drift-', ''),
      { ...(await configurationOf(aws.endpoint, name)), folder: assetFolder(key) },
    ]),
  );
  for (const roleName of rolesIn(template)) await repairInlinePolicies(aws.iam, roleName);
  await attachManagedPolicies(aws, STACK_NAME, template);
  await takeOverSchedules(aws.events);
  return {
    status: await stackStatus(aws.endpoint),
    functions: new Map(deployed),
    mappings: await mappingsTakenOver(aws.endpoint),
  };
}

/** What `cdk bootstrap` leaves in an account. */
async function bootstrap(endpoint: string): Promise<void> {
  await restCall(endpoint, 's3', `/${BOOTSTRAP_BUCKET}`, '');
  await jsonCall(endpoint, 'ssm', 'AmazonSSM.PutParameter', {
    Name: '/cdk-bootstrap/hnb659fds/version',
    Type: 'String',
    Value: '30',
  });
}

async function upload(endpoint: string, key: string, zip: Uint8Array<ArrayBuffer>): Promise<void> {
  await restCall(endpoint, 's3', `/${BOOTSTRAP_BUCKET}/${key}`, zip);
}

function zipped(folder: string): Uint8Array<ArrayBuffer> {
  const names = readdirSync(folder).sort();
  return new Uint8Array(
    zipArchive(names.map((name) => ({ name, content: readFileSync(join(folder, name)) }))),
  );
}

const functionProperties = z.looseObject({
  FunctionName: z.string(),
  Code: z.looseObject({ S3Key: z.string() }),
});

function lambdaFunctions(template: Template): readonly { readonly name: string; readonly key: string }[] {
  return Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => z.parse(functionProperties, Properties))
    .map(({ FunctionName, Code }) => ({ name: FunctionName, key: Code.S3Key }));
}

const stacks = z.object({
  DescribeStacksResponse: z.object({
    DescribeStacksResult: z.object({
      Stacks: z.array(z.object({ StackName: z.string(), StackStatus: z.string() })),
    }),
  }),
});

async function stackStatus(endpoint: string): Promise<string> {
  const answer = await queryCall(endpoint, 'cloudformation', {
    Action: 'DescribeStacks',
    StackName: STACK_NAME,
  });
  const { Stacks } = z.parse(stacks, answer).DescribeStacksResponse.DescribeStacksResult;
  return Stacks.find(({ StackName }) => StackName === STACK_NAME)?.StackStatus ?? 'NONE';
}

const configuration = z.object({
  FunctionArn: z.string(),
  Role: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

async function configurationOf(endpoint: string, name: string): Promise<Omit<DeployedFunction, 'folder'>> {
  const path = `/2015-03-31/functions/${name}/configuration`;
  const { FunctionArn, Role, Environment } = z.parse(configuration, await restCall(endpoint, 'lambda', path));
  return {
    arn: FunctionArn,
    roleName: Role.slice(Role.lastIndexOf('/') + 1),
    environment: Environment.Variables,
  };
}

const mappingList = z.object({
  EventSourceMappings: z.array(
    z.object({
      UUID: z.string(),
      EventSourceArn: z.string(),
      FunctionArn: z.string(),
      BatchSize: z.int(),
      FunctionResponseTypes: z.optional(z.array(z.string())),
    }),
  ),
});

/** Reads the event source mappings and switches them off: moto would start docker for each message; we carry them. */
async function mappingsTakenOver(endpoint: string): Promise<readonly Mapping[]> {
  const path = '/2015-03-31/event-source-mappings/';
  const answer = await restCall(endpoint, 'lambda', path);
  const { EventSourceMappings } = z.parse(mappingList, answer);
  for (const { UUID } of EventSourceMappings)
    await restCall(endpoint, 'lambda', `${path}${UUID}`, JSON.stringify({ Enabled: false }));
  return EventSourceMappings.map(({ EventSourceArn, FunctionArn, BatchSize, FunctionResponseTypes }) => ({
    queueArn: EventSourceArn,
    functionArn: FunctionArn,
    batchSize: BatchSize,
    reportsFailures: FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
  }));
}

/** moto has no clock for rules, and sends every event to a rule that has none but a schedule. */
async function takeOverSchedules(events: EventBridgeClient): Promise<void> {
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  for (const { Name: Rule, ScheduleExpression = '' } of Rules) {
    if (ScheduleExpression === '') continue;
    const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule }));
    await events.send(new RemoveTargetsCommand({ Rule, Ids: Targets.map(({ Id = '' }) => Id) }));
  }
}
