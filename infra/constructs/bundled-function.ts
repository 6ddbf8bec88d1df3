import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  Effect,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  EventSourceMapping,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import { TerminalError } from '../../shared/errors.ts';
import { type FunctionName, functionNames, ownRoleNames } from '../names.ts';

/** What is the same for all functions of an installation. */
export interface CommonFunctionProps {
  /** Folder of the prebuilt bundles, one folder a function. */
  readonly bundles: string;
  readonly logDays: RetentionDays;
  readonly logLevel: string;
}

export interface BundledFunctionProps extends CommonFunctionProps {
  readonly function: FunctionName;
  readonly description: string;
  /** Put beside the bundle: name → text. */
  readonly files?: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  readonly memoryMegabytes: number;
  /** What it may do with the stack's own resources; writing its log is added. */
  readonly statements: readonly PolicyStatement[];
  /** What else it may do. Several become managed policies: IAM has no room for them in the role. */
  readonly policies?: readonly PolicyDocument[];
  /** Where invocations end that Lambda itself has queued and could not finish; without it they are lost. */
  readonly asynchronousDeadLetters?: IQueue;
}

/**
 * One of our functions, from its prebuilt bundle, with a role of a name known beforehand that may do what is written
 * here and nothing else: CDK's own grants do not reach it.
 */
export class BundledFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logDays,
      // Evidence outlives the stack, but for one that never came up.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const policies = props.policies ?? [];
    const [inline] = policies;
    this.role = new Role(this, 'Role', {
      roleName: ownRoleNames[props.function],
      description: `iam-drift-remediator: ${props.description}`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        Own: new PolicyDocument({
          statements: [
            new PolicyStatement({
              sid: 'WriteLog',
              effect: Effect.ALLOW,
              actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              resources: [logGroup.logGroupArn],
            }),
            ...props.statements,
          ],
        }),
        ...(policies.length === 1 && inline !== undefined ? { Spec: inline } : {}),
      },
      managedPolicies:
        policies.length > 1
          ? policies.map((document, index) => new ManagedPolicy(this, `Policy${index + 1}`, { document }))
          : [],
    });
    const code = stageCode(join(props.bundles, props.function), props.files ?? {});
    this.function = new LambdaFunction(this, 'Function', {
      functionName: functionNames[props.function],
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(code),
      role: this.role.withoutPolicyUpdates(),
      logGroup,
      timeout: props.timeout,
      memorySize: props.memoryMegabytes,
      environment: {
        ...props.environment,
        POWERTOOLS_LOG_LEVEL: props.logLevel,
        NODE_OPTIONS: '--enable-source-maps',
      },
      ...(props.asynchronousDeadLetters === undefined
        ? {}
        : { deadLetterQueue: props.asynchronousDeadLetters }),
    });
    // CDK has copied it into the cloud assembly by now.
    rmSync(code, { recursive: true });
  }

  /** Feeds it from a queue. A batch may succeed in part; `most` batches are worked on at a time. */
  protected consume(
    id: string,
    queue: IQueue,
    options: { readonly batchSize: number; readonly most: number; readonly window?: Duration },
  ): void {
    new EventSourceMapping(this, id, {
      target: this.function,
      eventSourceArn: queue.queueArn,
      batchSize: options.batchSize,
      maxConcurrency: options.most,
      reportBatchItemFailures: true,
      ...(options.window === undefined ? {} : { maxBatchingWindow: options.window }),
    });
  }
}

/** What a function needs to be fed from these queues. */
export function consumeStatement(...queues: readonly IQueue[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'ReceiveMessages',
    effect: Effect.ALLOW,
    actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    resources: queues.map(({ queueArn }) => queueArn),
  });
}

function stageCode(bundle: string, files: Readonly<Record<string, string>>): string {
  if (!existsSync(join(bundle, 'index.mjs')))
    throw new TerminalError(`${join(bundle, 'index.mjs')} is missing: run "npm run build" first`);
  const folder = mkdtempSync(join(tmpdir(), 'iam-drift-'));
  cpSync(bundle, folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
