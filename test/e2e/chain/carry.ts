import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';

import type { RunningFunction } from '../../support/lambda-runtime/run-function.ts';
import type { Mapping } from '../deployment/deploy.ts';
import { REGION } from '../moto/account.ts';

/** A queue that feeds a function. */
export interface Feed {
  readonly queueUrl: string;
  readonly mapping: Mapping;
  readonly lambda: RunningFunction;
}

/** One batch: what it held, and which messages stay in the queue. */
export interface Carried {
  readonly bodies: readonly string[];
  readonly failed: readonly string[];
}

// Long enough for everything that is on its way in the same process.
const WAIT_S = 1;

const response = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/**
 * Does what Lambda's own poller does with the next batch of a queue: hands it to the function, deletes what succeeded,
 * leaves the rest. Only the visibility timeout is not waited for: what failed can be received again at once.
 */
export async function carry(sqs: SQSClient, { queueUrl, mapping, lambda }: Feed): Promise<Carried> {
  const messages = await receive(sqs, queueUrl, mapping.batchSize);
  if (messages.length === 0) return { bodies: [], failed: [] };
  const answer = z.parse(response, await lambda.invoke(sqsEvent(messages, mapping.queueArn)));
  const failures = mapping.reportsFailures ? answer.batchItemFailures : [];
  const failed = new Set(failures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { MessageId = '', ReceiptHandle } of messages) {
    const receipt = { QueueUrl: queueUrl, ReceiptHandle };
    if (failed.has(MessageId))
      await sqs.send(new ChangeMessageVisibilityCommand({ ...receipt, VisibilityTimeout: 0 }));
    else await sqs.send(new DeleteMessageCommand(receipt));
  }
  return {
    bodies: messages.map(bodyOf),
    failed: messages.filter(({ MessageId = '' }) => failed.has(MessageId)).map(bodyOf),
  };
}

function bodyOf({ Body = '' }: Message): string {
  return Body;
}

/** Takes all messages that are in a queue. */
export async function drain(sqs: SQSClient, QueueUrl: string): Promise<readonly string[]> {
  const messages = await receive(sqs, QueueUrl, Infinity);
  for (const { ReceiptHandle } of messages)
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return messages.map(bodyOf);
}

/** Up to so many messages: one call gives ten at most. */
async function receive(sqs: SQSClient, QueueUrl: string, most: number): Promise<readonly Message[]> {
  const received: Message[] = [];
  while (received.length < most) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: Math.min(10, most - received.length),
        WaitTimeSeconds: received.length === 0 ? WAIT_S : 0,
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) break;
    received.push(...Messages);
  }
  return received;
}

export async function urlOfQueue(sqs: SQSClient, arn: string): Promise<string> {
  const QueueName = arn.slice(arn.lastIndexOf(':') + 1);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  if (QueueUrl === undefined) throw new Error(`there is no queue ${arn}`);
  return QueueUrl;
}

function sqsEvent(messages: readonly Message[], eventSourceARN: string): SQSEvent {
  return {
    Records: messages.map(
      ({ MessageId = '', ReceiptHandle = '', Body = '', MD5OfBody = '', Attributes }) => ({
        messageId: MessageId,
        receiptHandle: ReceiptHandle,
        body: Body,
        attributes: {
          ApproximateReceiveCount: '',
          SentTimestamp: '',
          SenderId: '',
          ApproximateFirstReceiveTimestamp: '',
          ...Attributes,
        },
        messageAttributes: {},
        md5OfBody: MD5OfBody,
        eventSource: 'aws:sqs',
        eventSourceARN,
        awsRegion: REGION,
      }),
    ),
  };
}
