import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import type { EventRule } from '../../shared/eventbridge/rules.ts';
import { DeadLetterQueue } from './queue-with-dead-letters.ts';

/** Rules on the default bus that send what CloudTrail tells to a queue; each has a dead-letter queue of its own. */
export class EventRules extends Construct {
  readonly deadLetters: ReadonlyMap<string, DeadLetterQueue>;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly rules: readonly EventRule[]; readonly queue: IQueue },
  ) {
    super(scope, id);
    const deadLetters = new Map<string, DeadLetterQueue>();
    for (const { name, source, pattern } of props.rules) {
      const own = new DeadLetterQueue(this, `${name}-dead-letters`);
      deadLetters.set(name, own);
      new Rule(this, name, {
        description: `${source}: changes that may concern a declared role`,
        // Patterns are JSON; CDK's type names the fields of the envelope only.
        eventPattern: pattern,
        targets: [new SqsQueue(props.queue, { deadLetterQueue: own })],
      });
    }
    this.deadLetters = deadLetters;
  }
}
