import type { Json, JsonObject } from '../model.ts';
import { consumed, merged, type ResourceForms, rule, stack, topic } from './resource-forms.ts';
import { type OwnResources, TAMPER_RULE_PREFIX, type Watch, watches } from './tamper-watches.ts';

/** A rule on the default event bus that leads to a topic. */
export interface TamperRule {
  readonly name: string;
  readonly pattern: JsonObject;
  /** Paths in `requestParameters` that say what was touched, each a text, if the event has them. */
  readonly subjects: readonly string[];
}

/**
 * Rules for events that would blind or disarm the remediator, each to lead straight to a topic of its own.
 *
 * They ask for any call that names one of our resources, not for names of calls: Lambda's carry versions
 * (`UpdateFunctionCode20150331v2`), and what AWS will invent is covered. Calls that only read do not reach a rule. A name
 * is looked for in every form in which the call takes it, since CloudTrail records what was written. A call that failed is
 * told as well, where its record names what it was about: AWS leaves that out when it denies access.
 */
export function tamperRules(own: OwnResources): readonly TamperRule[] {
  return [...watches(own).flatMap(rulesOf), trailRule, organizationRule];
}

/**
 * The rule that watches those rules and their topic, if they have one. It must lead to another topic: what disarms the
 * others must be told by something that the same call does not disarm. They in turn watch this one.
 */
export function watchRule(tamperTopicArn: string | null): TamperRule {
  const watched = tamperTopicArn === null ? [] : [topic(tamperTopicArn)];
  const forms = merged([rule({ prefix: TAMPER_RULE_PREFIX }), ...watched]);
  return {
    name: `${TAMPER_RULE_PREFIX}watch`,
    pattern: patternOf(['events.amazonaws.com', 'sns.amazonaws.com'], undefined, forms),
    subjects: textsOf(forms),
  };
}

/**
 * The rule for what such rules of other regions forward to this one's default bus: they know what is theirs, here its names
 * are only known by what they begin with, that of the stacks.
 */
export function forwardedRule(stackPrefix: string): TamperRule {
  const forms = merged([
    rule({ prefix: `${stackPrefix}-` }),
    { queueUrl: [{ wildcard: `*${stackPrefix}-*` }], sourceArn: [{ wildcard: `*:${stackPrefix}-*` }] },
    consumed({ wildcard: `*:${stackPrefix}-*` }),
    stack({ prefix: `${stackPrefix}-` }, { wildcard: `*:stack/${stackPrefix}-*` }),
  ]);
  const eventSources = [
    'cloudformation.amazonaws.com',
    'events.amazonaws.com',
    'lambda.amazonaws.com',
    'pipes.amazonaws.com',
    'sqs.amazonaws.com',
  ];
  return {
    name: `${TAMPER_RULE_PREFIX}forwarded`,
    pattern: patternOf(eventSources, undefined, forms),
    subjects: textsOf(forms),
  };
}

// Of any trail: which one feeds us is not known here. They can be called in the trail's home region only:
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StopLogging.html
const trailRule: TamperRule = {
  name: `${TAMPER_RULE_PREFIX}trails`,
  pattern: patternOf(
    ['cloudtrail.amazonaws.com'],
    ['DeleteTrail', 'PutEventSelectors', 'StopLogging', 'UpdateTrail'],
    {},
  ),
  subjects: ['name', 'trailName'],
};

// By a member account itself, which is then free of the service control policies. An invitation that it accepts takes it
// out of the organization where it was: https://docs.aws.amazon.com/organizations/latest/APIReference/API_AcceptHandshake.html
const organizationRule: TamperRule = {
  name: `${TAMPER_RULE_PREFIX}organization`,
  pattern: patternOf(['organizations.amazonaws.com'], ['AcceptHandshake', 'LeaveOrganization'], {}),
  subjects: ['handshakeId'],
};

/** As many rules as the length of a pattern asks for; none where there is nothing to watch. */
function rulesOf({ name, eventSources, eventNames, resources, notBy, most }: Watch): readonly TamperRule[] {
  return chunked(resources, most).map((chunk, index) => {
    const forms = merged(chunk);
    return {
      name: `${TAMPER_RULE_PREFIX}${name}${index === 0 ? '' : `-${index + 1}`}`,
      pattern: patternOf(eventSources, eventNames, forms, notBy),
      subjects: textsOf(forms),
    };
  });
}

// The first of a list stands for all: an input transformer puts no lists into a text.
const LISTS = new Set(['alarmNames', 'names', 'resourceMappings', 'stackDefinitions']);

function textsOf(forms: ResourceForms): readonly string[] {
  return Object.keys(forms).map((path) =>
    path
      .split('.')
      .map((member) => (LISTS.has(member) ? `${member}[0]` : member))
      .join('.'),
  );
}

/**
 * Whoever it is, `source` is AWS's: events of others may not begin with `aws.`. Events of data (a message sent, an item
 * written) are left out, which trails record where they are told to. Old records do not say which kind they are.
 */
function patternOf(
  eventSources: readonly string[],
  eventNames: readonly string[] | undefined,
  forms: ResourceForms,
  notBy: readonly string[] = [],
): JsonObject {
  const branches = Object.entries(forms).map(([member, values]) => nested(member.split('.'), values));
  const [first, ...others] = branches;
  return {
    source: [{ prefix: 'aws.' }],
    detail: {
      eventSource: eventSources,
      managementEvent: [true, { exists: false }],
      ...(eventNames === undefined ? {} : { eventName: eventNames }),
      ...(notBy.length === 0 ? {} : { userIdentity: unlessBy(notBy) }),
      ...(first === undefined ? {} : { requestParameters: others.length === 0 ? first : { $or: branches } }),
    },
  };
}

/** Users and root have no session that a role issued, and "anything but" asks for something that is there. */
function unlessBy(roleArns: readonly string[]): JsonObject {
  return { sessionContext: { sessionIssuer: { arn: [{ 'anything-but': roleArns }, { exists: false }] } } };
}

/** `muteTargets.alarmNames` as objects in one another. */
function nested(path: readonly string[], values: readonly Json[]): JsonObject {
  const [member = '', ...rest] = path;
  return { [member]: rest.length === 0 ? values : nested(rest, values) };
}

function chunked<Item>(items: readonly Item[], most = Infinity): readonly (readonly Item[])[] {
  return items.length === 0 ? [] : [items.slice(0, most), ...chunked(items.slice(most), most)];
}
