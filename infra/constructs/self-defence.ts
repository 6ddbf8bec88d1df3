import { Annotations, Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import {
  EventField,
  type IRuleTarget,
  Rule,
  RuleTargetInput,
  type RuleTargetConfig,
} from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

import {
  forwardedRule,
  type TamperRule,
  tamperRules,
  watchRule,
} from '../../shared/eventbridge/tamper-rules.ts';
import { TAMPER_RULE_PREFIX } from '../../shared/eventbridge/tamper-watches.ts';
import { FORWARDING_ROLE_PREFIX, FORWARDING_STACK } from '../names.ts';
import { ownResources } from '../own-resources.ts';
import { forwardingAlarms } from './forwarding-alarms.ts';
import type { DeadLetterQueue } from './queue-with-dead-letters.ts';
import { EmailTopic } from './topics.ts';

export interface SelfDefenceProps {
  readonly emails: readonly string[];
  /** Told of tampering with the rules and the topic that tell of all other. */
  readonly alarmTopics: readonly ITopic[];
  /** Where EventBridge puts what it could not publish. */
  readonly deadLetters: DeadLetterQueue;
  /** What the installation depends on and does not own. */
  readonly topicArns: readonly string[];
  readonly eventBuses: readonly string[];
  readonly secrets: readonly string[];
  readonly keyArns: readonly string[];
  /** Whether stacks in other regions send here what concerns them. */
  readonly hasForwarding: boolean;
}

/**
 * Tells people when somebody lays hands on the installation: rules lead straight to a topic, and nothing else of ours
 * stands between. To be made last: it looks through all that the installation has.
 */
export class SelfDefence extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, props: SelfDefenceProps) {
    super(scope, id);
    const own = ownResources(scope);
    if (props.emails.length === 0)
      Annotations.of(this).addWarningV2(
        'iam-drift:nobody-is-told',
        'nobody is told when somebody disarms the remediator: set tampering.emails, or subscribe somebody to the tampering topic',
      );
    this.topic = new EmailTopic(this, 'Topic', {
      displayName: 'iam-drift-remediator: tampering',
      emails: props.emails,
    });
    const topics = [...own.topics, ...props.topicArns, ...props.alarmTopics.map(({ topicArn }) => topicArn)];
    const rules = tamperRules({
      ...own,
      topics: once(this, topics),
      eventBuses: once(this, [...own.eventBuses, ...props.eventBuses]),
      rolePrefixes: props.hasForwarding ? [FORWARDING_ROLE_PREFIX] : [],
      secrets: props.secrets,
      keys: props.keyArns.map((arn) => ({ arn, name: keyId(arn) })),
    });
    const forwarded = props.hasForwarding ? [forwardedRule(FORWARDING_STACK)] : [];
    for (const rule of [...rules, ...forwarded]) this.#tell(rule, [this.topic], props.deadLetters);
    this.#tell(watchRule(this.topic.topicArn), props.alarmTopics, props.deadLetters);
    if (props.hasForwarding) this.#tellForwardedAlarms(props);
    for (const topic of [this.topic, ...props.alarmTopics])
      topic.addToResourcePolicy(fromAnyRule('sns:Publish', topic.topicArn));
    const kept = fromAnyRule('sqs:SendMessage', props.deadLetters.queueArn);
    kept.addCondition('ArnLike', { 'aws:SourceArn': tamperRuleArns(this) });
    props.deadLetters.addToResourcePolicy(kept);
  }

  // An alarm can only notify in its own region, and here are the topics.
  #tellForwardedAlarms({ alarmTopics, deadLetters }: SelfDefenceProps): void {
    new Rule(this, 'ForwardedAlarms', {
      ruleName: `${TAMPER_RULE_PREFIX}forwarded-alarms`,
      description: 'Tells people of alarms of the stacks that forward events of other regions',
      eventPattern: forwardingAlarms,
      targets: alarmTopics.map((topic) => new TopicTarget(topic, deadLetters, alarmMessage())),
    });
  }

  #tell(rule: TamperRule, topics: readonly ITopic[], deadLetters: DeadLetterQueue): void {
    new Rule(this, rule.name.slice(TAMPER_RULE_PREFIX.length), {
      ruleName: rule.name,
      description: 'Tells people that somebody lays hands on the IAM drift remediator, or on a trail',
      // Patterns are JSON; CDK's type names the fields of the envelope only.
      eventPattern: rule.pattern,
      targets: topics.map((topic) => new TopicTarget(topic, deadLetters, message(rule.subjects))),
    });
  }
}

// CDK's own would add a statement for each rule to the policy of the dead-letter queue, and SQS takes twenty:
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
class TopicTarget implements IRuleTarget {
  readonly #config: RuleTargetConfig;

  constructor(topic: ITopic, deadLetters: DeadLetterQueue, input: RuleTargetInput) {
    this.#config = {
      arn: topic.topicArn,
      deadLetterConfig: { arn: deadLetters.queueArn },
      input,
    };
  }

  bind(): RuleTargetConfig {
    return this.#config;
  }
}

const detail = (path: string) => EventField.fromPath(`$.detail.${path}`);

/** What people read. A field that the event lacks leaves nothing behind. */
function message(subjects: readonly string[]): RuleTargetInput {
  const touched = subjects.map((path) => detail(`requestParameters.${path}`)).join(' ');
  return RuleTargetInput.fromMultilineText(
    [
      'Somebody lays hands on the IAM drift remediator.',
      `What: ${detail('eventName')} (${detail('eventSource')}) ${touched}`,
      `Who: ${detail('userIdentity.type')} ${detail('userIdentity.arn')} from ${detail('sourceIPAddress')}`,
      `When: ${detail('eventTime')}, account ${EventField.account}, ${EventField.region}, event ${detail('eventID')}`,
      `Refused with (if empty, it succeeded): ${detail('errorCode')}`,
      'Was it no deployment of yours? Then it is an attack: docs/runbook.md, "Tampering".',
    ].join('\n'),
  );
}

function alarmMessage(): RuleTargetInput {
  return RuleTargetInput.fromMultilineText(
    [
      `Alarm ${detail('alarmName')} in ${EventField.region}: ${detail('state.value')}`,
      detail('state.reason'),
      'What to do: docs/runbook.md, "Alarms of other regions".',
    ].join('\n'),
  );
}

function keyId(arn: string): string {
  const { resourceName } = Arn.split(arn, ArnFormat.SLASH_RESOURCE_NAME);
  return resourceName ?? arn;
}

/** Each resource once: two references to one are two texts until they are resolved. */
function once(scope: Construct, references: readonly string[]): readonly string[] {
  const resolved = (reference: string) => JSON.stringify(Stack.of(scope).resolve(reference));
  return [...new Map(references.map((reference) => [resolved(reference), reference])).values()];
}

/**
 * To a queue EventBridge says for which rule it sends, to a topic it does not: a condition would keep everything from it
 * ("You can't use of Condition blocks in Amazon SNS topic policies for EventBridge",
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html).
 */
function fromAnyRule(action: string, resource: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'TamperRules',
    effect: Effect.ALLOW,
    principals: [new ServicePrincipal('events.amazonaws.com')],
    actions: [action],
    resources: [resource],
  });
}

function tamperRuleArns(scope: Construct): string {
  return Arn.format(
    { service: 'events', resource: 'rule', resourceName: `${TAMPER_RULE_PREFIX}*` },
    Stack.of(scope),
  );
}
