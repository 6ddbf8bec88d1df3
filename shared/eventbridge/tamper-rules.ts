import type { JsonObject } from '../model.ts';
import {
  lambda,
  mapping,
  merged,
  type NamedResource,
  queue,
  type ResourceForms,
  rule,
  secret,
  table,
  topic,
} from './resource-forms.ts';

/** What the remediator is made of, by the names that AWS's calls use. Parts of them may be CloudFormation references. */
export interface OwnResources {
  readonly eventRules: readonly string[];
  readonly eventBuses: readonly string[];
  readonly archives: readonly string[];
  readonly schedules: readonly string[];
  readonly queues: readonly string[];
  /** ARNs, but for the topic that tampering is told by. */
  readonly topics: readonly string[];
  readonly functions: readonly string[];
  /** UUIDs. */
  readonly eventSourceMappings: readonly string[];
  readonly roles: readonly string[];
  /** ARNs of managed policies. */
  readonly policies: readonly string[];
  readonly tables: readonly NamedResource[];
  readonly parameters: readonly string[];
  readonly secrets: readonly string[];
  /** Their names are their ids. */
  readonly keys: readonly NamedResource[];
  readonly logGroups: readonly string[];
  /** What the names of all alarms begin with. */
  readonly alarmPrefix: string;
  readonly stack: NamedResource;
}

/** A rule on the default event bus that leads to a topic. */
export interface TamperRule {
  readonly name: string;
  readonly pattern: JsonObject;
  /** Paths in `requestParameters` that say what was touched: an event has one of them or more, each a text. */
  readonly subjects: readonly string[];
}

/** What the names of all these rules begin with. They are known beforehand, so that rules can watch each other. */
export const TAMPER_RULE_PREFIX = 'iam-drift-tampering-';

interface Watch {
  readonly name: string;
  readonly eventSource: string;
  /** Left out: every call that changes something. */
  readonly eventNames?: readonly string[];
  readonly resources: readonly ResourceForms[];
  /** As many as fit into a pattern with the longest names; left out, all. */
  readonly most?: number;
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
  return [...watches(own).flatMap(rulesOf), trailRule];
}

/**
 * The rule that watches those rules and their topic. It must lead to another topic: what disarms the others must be told
 * by something that the same call does not disarm. They in turn watch this one.
 */
export function watchRule(tamperTopicArn: string): TamperRule {
  const forms = merged([rule({ prefix: TAMPER_RULE_PREFIX }), topic(tamperTopicArn)]);
  return {
    name: `${TAMPER_RULE_PREFIX}watch`,
    pattern: patternOf(['events.amazonaws.com', 'sns.amazonaws.com'], undefined, forms),
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

function watches(own: OwnResources): readonly Watch[] {
  return [
    {
      name: 'rules',
      eventSource: 'events.amazonaws.com',
      resources: [
        rule({ prefix: TAMPER_RULE_PREFIX }),
        ...own.eventRules.map(rule),
        ...own.eventBuses.map((name) => ({ name: [name] })),
        ...own.archives.map((name) => ({ archiveName: [name] })),
      ],
      most: 10,
    },
    {
      name: 'schedules',
      eventSource: 'scheduler.amazonaws.com',
      resources: own.schedules.map((name) => ({ name: [name] })),
    },
    {
      name: 'queues',
      eventSource: 'sqs.amazonaws.com',
      resources: own.queues.map(queue),
      most: 8,
    },
    { name: 'topics', eventSource: 'sns.amazonaws.com', resources: own.topics.map(topic), most: 3 },
    {
      name: 'functions',
      eventSource: 'lambda.amazonaws.com',
      resources: own.functions.map(lambda),
      most: 8,
    },
    {
      name: 'event-source-mappings',
      eventSource: 'lambda.amazonaws.com',
      resources: own.eventSourceMappings.map(mapping),
      most: 8,
    },
    {
      // Somebody else's function may drink our queues dry.
      name: 'consumers',
      eventSource: 'lambda.amazonaws.com',
      resources: own.queues.map((name) => ({ eventSourceArn: [{ suffix: `:${name}` }] })),
      most: 15,
    },
    {
      name: 'roles',
      eventSource: 'iam.amazonaws.com',
      resources: own.roles.map((name) => ({ roleName: [{ 'equals-ignore-case': name }] })),
      most: 15,
    },
    {
      name: 'policies',
      eventSource: 'iam.amazonaws.com',
      resources: own.policies.map((arn) => ({ policyArn: [{ 'equals-ignore-case': arn }] })),
      most: 6,
    },
    { name: 'ledger', eventSource: 'dynamodb.amazonaws.com', resources: own.tables.map(table), most: 1 },
    {
      name: 'parameters',
      eventSource: 'ssm.amazonaws.com',
      resources: own.parameters.map((name) => ({ name: [name], names: [name] })),
      most: 1,
    },
    {
      name: 'secrets',
      eventSource: 'secretsmanager.amazonaws.com',
      resources: own.secrets.map(secret),
      most: 1,
    },
    {
      name: 'keys',
      eventSource: 'kms.amazonaws.com',
      // By name: a key's grants and rotations change while it is used.
      eventNames: ['DeleteImportedKeyMaterial', 'DisableKey', 'PutKeyPolicy', 'ScheduleKeyDeletion'],
      resources: own.keys.map(({ name, arn }) => ({ keyId: [name, arn] })),
      most: 8,
    },
    {
      name: 'logs',
      eventSource: 'logs.amazonaws.com',
      // By name: a function makes a stream whenever it starts, and people query.
      eventNames: ['DeleteLogGroup', 'DeleteLogStream', 'PutRetentionPolicy'],
      resources: own.logGroups.map((name) => ({ logGroupName: [name] })),
      most: 4,
    },
    {
      name: 'alarms',
      eventSource: 'monitoring.amazonaws.com',
      resources: [{ alarmName: [{ prefix: own.alarmPrefix }], alarmNames: [{ prefix: own.alarmPrefix }] }],
    },
    {
      name: 'stack',
      eventSource: 'cloudformation.amazonaws.com',
      // By name: each deployment of a stack is several calls that name it.
      eventNames: ['DeleteStack'],
      resources: [{ stackName: [own.stack.name, own.stack.arn] }],
    },
  ];
}

/** As many rules as the length of a pattern asks for; none where there is nothing to watch. */
function rulesOf({ name, eventSource, eventNames, resources, most }: Watch): readonly TamperRule[] {
  return chunked(resources, most).map((chunk, index) => {
    const forms = merged(chunk);
    return {
      name: `${TAMPER_RULE_PREFIX}${name}${index === 0 ? '' : `-${index + 1}`}`,
      pattern: patternOf([eventSource], eventNames, forms),
      subjects: textsOf(forms),
    };
  });
}

// The first of a list stands for all: an input transformer puts no lists into a text.
const LISTS = new Set(['alarmNames', 'names']);

function textsOf(forms: ResourceForms): readonly string[] {
  return Object.keys(forms).map((member) => (LISTS.has(member) ? `${member}[0]` : member));
}

/**
 * Whoever it is, `source` is AWS's: events of others may not begin with `aws.`. Events of data (a message sent, an item
 * written) are left out, which trails record where they are told to. Old records do not say which kind they are.
 */
function patternOf(
  eventSources: readonly string[],
  eventNames: readonly string[] | undefined,
  forms: ResourceForms,
): JsonObject {
  const branches = Object.entries(forms).map(([member, values]) => ({ [member]: values }));
  const [first, ...others] = branches;
  return {
    source: [{ prefix: 'aws.' }],
    detail: {
      eventSource: eventSources,
      managementEvent: [true, { exists: false }],
      ...(eventNames === undefined ? {} : { eventName: eventNames }),
      ...(first === undefined ? {} : { requestParameters: others.length === 0 ? first : { $or: branches } }),
    },
  };
}

function chunked<Item>(items: readonly Item[], most = Infinity): readonly (readonly Item[])[] {
  return items.length === 0 ? [] : [items.slice(0, most), ...chunked(items.slice(most), most)];
}
