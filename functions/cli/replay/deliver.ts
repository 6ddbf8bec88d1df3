import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

import { MOST_DELIVERIES } from '../../../shared/ports/most-deliveries.ts';

/**
 * Delivers one message to the handler as SQS would, again while the handler fails it.
 * Answers false where it went to the dead-letter queue.
 */
export async function deliver(
  handler: (batch: SQSEvent) => Promise<SQSBatchResponse>,
  message: { readonly id: string; readonly body: string },
): Promise<boolean> {
  for (let delivery = 1; delivery <= MOST_DELIVERIES; delivery += 1) {
    const { batchItemFailures } = await handler({ Records: [sqsRecord(message, delivery)] });
    if (batchItemFailures.length === 0) return true;
  }
  return false;
}

function sqsRecord(
  { id, body }: { readonly id: string; readonly body: string },
  delivery: number,
): SQSRecord {
  return {
    messageId: id,
    receiptHandle: `${id}#${delivery}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(delivery),
      SentTimestamp: '0',
      SenderId: 'replay',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:111122223333:replay',
    awsRegion: 'us-east-1',
  };
}
