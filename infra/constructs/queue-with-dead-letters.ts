import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import { MOST_DELIVERIES } from '../../shared/ports/most-deliveries.ts';
import { acknowledge } from './acknowledge.ts';

// SQS's longest. A message's age goes with it into the dead-letter queue, so the queue before keeps it for less:
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
const RETENTION = Duration.days(4);
const LONGEST_RETENTION = Duration.days(14);

// AWS's advice: with less, a batch that Lambda still works on is delivered again
// (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
const VISIBILITY_FACTOR = 6;

/** Where messages end that could not be delivered or worked on. Encrypted, by TLS only, kept for 14 days. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: LONGEST_RETENTION,
    });
    acknowledge(
      this,
      'AwsSolutions-SQS3',
      'It is a dead-letter queue: of a rule target, a schedule or a function, which the check does not look at.',
    );
  }
}

/** A queue before a function, with its own dead-letter queue. Encrypted, by TLS only. */
export class QueueWithDeadLetters extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: { readonly functionTimeout: Duration }) {
    super(scope, id);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: RETENTION,
      visibilityTimeout: Duration.seconds(VISIBILITY_FACTOR * props.functionTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MOST_DELIVERIES },
    });
  }
}
