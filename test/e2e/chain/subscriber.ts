import { SubscribeCommand, type SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';

import { ACCOUNT_ID, REGION } from '../moto/account.ts';
import { drain } from './carry.ts';

/** What a person would find in the inbox. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** Somebody who has subscribed to the topic, by a queue of their own. */
export interface Subscriber {
  readMail(): Promise<readonly Mail[]>;
}

const envelope = z.object({ Subject: z.string(), Message: z.string() });
const QUEUE_NAME = 'somebody-who-subscribed';

export async function subscriber(sns: SNSClient, sqs: SQSClient, TopicArn: string): Promise<Subscriber> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: QUEUE_NAME }));
  const Endpoint = `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${QUEUE_NAME}`;
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  return {
    readMail: async () =>
      (await drain(sqs, QueueUrl)).map((body) => {
        const { Subject, Message } = z.parse(envelope, JSON.parse(body));
        return { subject: Subject, text: Message };
      }),
  };
}
