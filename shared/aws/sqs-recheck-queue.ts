import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

import { recheckMessage } from '../ports/recheck-message.ts';
import type { RecheckQueue } from '../ports/recheck-queue.ts';

/** Second looks as delayed messages on the queue that feeds the same function. */
export function sqsRecheckQueue(queueUrl: string): RecheckQueue {
  const sqs = new SQSClient({});
  return {
    schedule: async (request, delaySeconds) => {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: recheckMessage(request),
          DelaySeconds: delaySeconds,
        }),
      );
    },
  };
}
