import { type App, Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';

import { aspects } from '../shared/aspects/index.ts';
import { forwardingRules } from '../shared/eventbridge/forwarding.ts';
import type { EventRule } from '../shared/eventbridge/rules.ts';
import { DeadLetterQueue } from './constructs/queue-with-dead-letters.ts';
import { readSpec } from './read-spec.ts';
import { resolveSettings } from './resolve-settings.ts';
import type { Settings } from './settings.ts';

interface ForwardingProps {
  readonly region: string;
  /** Where the remediator is. */
  readonly homeRegion: string;
  readonly rules: readonly EventRule[];
}

/**
 * Sends the events of a region in which declared things are, such as EKS clusters, to the region of the remediator. What
 * cannot be sent waits in a dead-letter queue here; the resync finds its drift all the same.
 */
export class ForwardingStack extends Stack {
  constructor(app: App, id: string, { region, homeRegion, rules }: ForwardingProps) {
    super(app, id, {
      description: `iam-drift-remediator: forwards events of ${region} to ${homeRegion}`,
      env: { region },
    });
    const home = EventBus.fromEventBusArn(
      this,
      'Home',
      Arn.format(
        {
          service: 'events',
          region: homeRegion,
          resource: 'event-bus',
          resourceName: 'default',
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        },
        this,
      ),
    );
    for (const { name, source, pattern } of rules)
      new Rule(this, name, {
        description: `${source}: changes that may concern a declared role, for ${homeRegion}`,
        eventPattern: pattern,
        targets: [
          new EventBusTarget(home, { deadLetterQueue: new DeadLetterQueue(this, `${name}-dead-letters`) }),
        ],
      });
  }
}

/** One stack for each region that the spec needs beside the home region. */
export function addForwardingStacks(app: App, id: string, settings: Settings): readonly ForwardingStack[] {
  const { region: homeRegion, specFile } = resolveSettings(settings);
  const byRegion = forwardingRules(readSpec(specFile, null), aspects, homeRegion);
  return [...byRegion].map(
    ([region, rules]) => new ForwardingStack(app, `${id}-${region}`, { region, homeRegion, rules }),
  );
}
