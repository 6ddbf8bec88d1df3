import {
  alarm,
  borrowed,
  dataset,
  lambda,
  logGroup,
  mapping,
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
  /** What the names of further roles begin with. */
  readonly rolePrefixes: readonly string[];
  /** The role that is there to be changed, and the ARNs of the roles whose work that is; null: there is none. */
  readonly canary: { readonly roleName: string; readonly changedBy: readonly string[] } | null;
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

/** What the names of all these rules begin with. They are known beforehand, so that rules can watch each other. */
export const TAMPER_RULE_PREFIX = 'iam-drift-tampering-';

/** Where the events of AWS's services arrive, and so all these rules. */
const DEFAULT_BUS = 'default';

/** Resources of one kind, and the calls on them that are told. */
export interface Watch {
  readonly name: string;
  readonly eventSource: string;
  /** Left out: every call that changes something. */
  readonly eventNames?: readonly string[];
  readonly resources: readonly ResourceForms[];
  /** ARNs of roles whose calls are not told. */
  readonly notBy?: readonly string[];
  /** As many as EventBridge takes in one pattern with the longest names; left out, all. */
  readonly most?: number;
}

/** Everything that is watched, by the service whose calls reach it. */
export function watches(own: OwnResources): readonly Watch[] {
  return [
    {
      name: 'rules',
      eventSource: 'events.amazonaws.com',
      resources: [
        rule({ prefix: TAMPER_RULE_PREFIX }),
        ...own.eventRules.map(rule),
        // The key of a bus encrypts the patterns of its rules: with the key disabled, none of them matches.
        ...[DEFAULT_BUS, ...own.eventBuses].map((name) => ({ name: [name] })),
        ...own.archives.map((name) => ({ archiveName: [name] })),
      ],
      most: 10,
    },
    {
      name: 'bus-policies',
      eventSource: 'events.amazonaws.com',
      // By name: whoever makes a rule on a bus names the bus, too. No name means the default bus.
      eventNames: ['PutPermission', 'RemovePermission'],
      resources: [{ exists: false }, DEFAULT_BUS, ...own.eventBuses].map((form) => ({
        eventBusName: [form],
      })),
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
      most: 6,
    },
    { name: 'topics', eventSource: 'sns.amazonaws.com', resources: own.topics.map(topic), most: 3 },
    {
      name: 'functions',
      eventSource: 'lambda.amazonaws.com',
      resources: own.functions.map(lambda),
      // Their wildcards are judged together: EventBridge may refuse those of three.
      most: 2,
    },
    {
      // Somebody else's code may be given our rights. To pass a role is no call of its own.
      name: 'borrowers',
      eventSource: 'lambda.amazonaws.com',
      resources: own.roles.map(borrowed),
      most: 12,
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
      resources: [
        ...own.roles.map((name) => ({ roleName: [{ 'equals-ignore-case': name }] })),
        ...own.rolePrefixes.map((prefix) => ({ roleName: [{ prefix: { 'equals-ignore-case': prefix } }] })),
      ],
      most: 15,
    },
    {
      // Whoever else puts it back could have us take a dead installation for a living one.
      name: 'canary',
      eventSource: 'iam.amazonaws.com',
      resources: own.canary === null ? [] : [{ roleName: [{ 'equals-ignore-case': own.canary.roleName }] }],
      notBy: own.canary?.changedBy ?? [],
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
      eventNames: [
        'AssociateKmsKey',
        'DeleteLogGroup',
        'DeleteLogStream',
        'PutDataProtectionPolicy',
        'PutRetentionPolicy',
      ],
      resources: own.logGroups.map(logGroup),
      most: 2,
    },
    {
      name: 'alarms',
      eventSource: 'monitoring.amazonaws.com',
      resources: [alarm({ prefix: own.alarmPrefix }), dataset],
    },
    {
      name: 'stack',
      eventSource: 'cloudformation.amazonaws.com',
      // By name: each deployment of a stack is more calls that name it. These say who is behind the changes that follow.
      eventNames: ['DeleteStack', 'ExecuteChangeSet', 'UpdateStack', 'UpdateTerminationProtection'],
      resources: [{ stackName: [own.stack.name, own.stack.arn] }],
    },
  ];
}
