import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';

import type { ReconcileRequest } from '../model.ts';
import { recheckMessage } from '../ports/recheck-message.ts';
import type { RequestQueue } from '../ports/request-queue.ts';
import type { AwsRegion } from './in-short-time.ts';

// SQS's largest batch (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html).
const BATCH_SIZE = 10;

/**
 * Requests to look at roles, as messages of one queue, which are seen after `delaySeconds`. Throws when SQS does not take
 * every one.
 */
export function sqsRequestQueue(queueUrl: string, delaySeconds = 0, config: AwsRegion = {}): RequestQueue {
  const sqs = new SQSClient(config);
  return {
    send: async (requests) => {
      for (let from = 0; from < requests.length; from += BATCH_SIZE)
        await sendBatch(sqs, queueUrl, delaySeconds, requests.slice(from, from + BATCH_SIZE));
    },
  };
}

async function sendBatch(
  sqs: SQSClient,
  QueueUrl: string,
  DelaySeconds: number,
  requests: readonly ReconcileRequest[],
): Promise<void> {
  const { Failed = [] } = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: requests.map((request, index) => ({
        Id: String(index),
        MessageBody: recheckMessage(request),
        DelaySeconds,
      })),
    }),
  );
  const [first] = Failed;
  if (first !== undefined)
    throw new Error(
      `SQS did not take ${Failed.length} of ${requests.length} requests: ${first.Message ?? first.Code ?? ''}`,
    );
}
