import { SubscribeCommand, type SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';

import { ACCOUNT_ID, REGION } from '../moto/account.ts';
import { drain } from './carry.ts';

/** What the topic sends to a queue: the subject that people read in an e-mail, and the report. */
export interface Mail {
  readonly subject: string;
  /** JSON. */
  readonly text: string;
}

/** Somebody who has subscribed to the topic, by a queue of their own. */
export interface Subscriber {
  readMail(): Promise<readonly Mail[]>;
}

const envelope = z.object({ Subject: z.string(), Message: z.string() });
const report = z.object({ schemaVersion: z.literal('1') });
const QUEUE_NAME = 'somebody-who-subscribed';

export async function subscriber(sns: SNSClient, sqs: SQSClient, TopicArn: string): Promise<Subscriber> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: QUEUE_NAME }));
  const Endpoint = `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${QUEUE_NAME}`;
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  return {
    readMail: async () =>
      (await drain(sqs, QueueUrl)).map((body) => {
        const { Subject, Message } = z.parse(envelope, JSON.parse(body));
        z.parse(report, JSON.parse(Message));
        return { subject: Subject, text: Message };
      }),
  };
}
