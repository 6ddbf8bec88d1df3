import { type App, Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';

import { aspects } from '../shared/aspects/index.ts';
import { forwardingRules } from '../shared/eventbridge/forwarding.ts';
import type { EventRule } from '../shared/eventbridge/rules.ts';
import { type TamperRule, tamperRules, watchRule } from '../shared/eventbridge/tamper-rules.ts';
import { forwardingAlarm, forwardingAlarms } from './constructs/forwarding-alarms.ts';
import { DeadLetterQueue } from './constructs/queue-with-dead-letters.ts';
import { FORWARDING_ROLE_PREFIX } from './names.ts';
import { ownResources } from './own-resources.ts';
import { readSpec } from './read-spec.ts';
import { resolveSettings } from './resolve-settings.ts';
import type { Settings } from './settings.ts';

interface ForwardingProps {
  readonly region: string;
  readonly deletionProtection: boolean;
  /** Where the remediator is. */
  readonly homeRegion: string;
  readonly rules: readonly EventRule[];
}

/**
 * Sends the events of a region in which declared things are, such as EKS clusters, to the region of the remediator. What
 * cannot be sent waits in a dead-letter queue here, and the resync finds its drift all the same. It sends what touches the
 * stack itself, too, and its alarms: who is to be told is known there.
 */
export class ForwardingStack extends Stack {
  constructor(app: App, id: string, { region, homeRegion, deletionProtection, rules }: ForwardingProps) {
    super(app, id, {
      description: `iam-drift-remediator: forwards events of ${region} to ${homeRegion}`,
      env: { region },
      terminationProtection: deletionProtection,
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
    // One role for all: its name is known at home, where IAM's events arrive.
    const role = new Role(this, 'ToHome', {
      roleName: `${FORWARDING_ROLE_PREFIX}${region}`,
      description: `iam-drift-remediator: sends events of ${region} to ${homeRegion}`,
      assumedBy: new ServicePrincipal('events.amazonaws.com'),
    });
    const to = (deadLetterQueue: DeadLetterQueue) => [new EventBusTarget(home, { role, deadLetterQueue })];
    for (const { name, source, pattern } of rules)
      new Rule(this, name, {
        description: `${source}: changes that may concern a declared role, for ${homeRegion}`,
        eventPattern: pattern,
        targets: to(this.#deadLetters(name)),
      });
    const toldAtHome = to(this.#deadLetters('tampering'));
    new Rule(this, 'Alarms', {
      description: `Alarms of this stack, for ${homeRegion}`,
      eventPattern: forwardingAlarms,
      targets: toldAtHome,
    });
    for (const { name, pattern } of tamperRulesOf(this))
      new Rule(this, name, {
        ruleName: name,
        description: `Somebody lays hands on this stack, or on a trail, for ${homeRegion}`,
        eventPattern: pattern,
        targets: toldAtHome,
      });
  }

  #deadLetters(name: string): DeadLetterQueue {
    const queue = new DeadLetterQueue(this, `${name}-dead-letters`);
    forwardingAlarm(this, name, queue);
    return queue;
  }
}

/** IAM's calls arrive at home, where the name of the role is watched. */
function tamperRulesOf(stack: Stack): readonly TamperRule[] {
  const own = ownResources(stack);
  return [
    ...tamperRules({ ...own, roles: [], policies: [], rolePrefixes: [], secrets: [], keys: [] }),
    watchRule(null),
  ];
}

/** One stack for each region that the spec needs beside the home region. */
export function addForwardingStacks(app: App, id: string, settings: Settings): readonly ForwardingStack[] {
  const { region: homeRegion, specFile, deletionProtection } = resolveSettings(settings);
  const byRegion = forwardingRules(readSpec(specFile, null), aspects, homeRegion);
  return [...byRegion].map(
    ([region, rules]) =>
      new ForwardingStack(app, `${id}-${region}`, { region, homeRegion, deletionProtection, rules }),
  );
}
