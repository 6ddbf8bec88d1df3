import {
  accountPolicy,
  alarm,
  borrowed,
  consumed,
  dataset,
  lambda,
  logGroup,
  mapping,
  type NamedResource,
  queue,
  type ResourceForms,
  rule,
  secret,
  stack,
  stackRefactor,
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
  readonly eventSources: readonly string[];
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
      eventSources: ['events.amazonaws.com'],
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
      eventSources: ['events.amazonaws.com'],
      // By name: whoever makes a rule on a bus names the bus, too. No name means the default bus.
      eventNames: ['PutPermission', 'RemovePermission'],
      resources: [{ exists: false }, DEFAULT_BUS, ...own.eventBuses].map((form) => ({
        eventBusName: [form],
      })),
      most: 10,
    },
    {
      name: 'schedules',
      eventSources: ['scheduler.amazonaws.com'],
      resources: own.schedules.map((name) => ({ name: [name] })),
    },
    {
      name: 'queues',
      eventSources: ['sqs.amazonaws.com'],
      resources: own.queues.map(queue),
      most: 6,
    },
    { name: 'topics', eventSources: ['sns.amazonaws.com'], resources: own.topics.map(topic), most: 1 },
    {
      name: 'functions',
      eventSources: ['lambda.amazonaws.com'],
      resources: own.functions.map(lambda),
      // Their wildcards are judged together: EventBridge may refuse those of three.
      most: 2,
    },
    {
      // Somebody else's code may be given our rights. To pass a role is no call of its own.
      name: 'borrowers',
      eventSources: ['lambda.amazonaws.com'],
      resources: own.roles.map(borrowed),
      most: 12,
    },
    {
      name: 'event-source-mappings',
      eventSources: ['lambda.amazonaws.com'],
      resources: own.eventSourceMappings.map(mapping),
      most: 8,
    },
    {
      // Somebody else's function or pipe may drink our queues dry.
      name: 'consumers',
      eventSources: ['lambda.amazonaws.com', 'pipes.amazonaws.com'],
      resources: own.queues.map((name) => consumed({ suffix: `:${name}` })),
      most: 6,
    },
    {
      name: 'roles',
      eventSources: ['iam.amazonaws.com'],
      resources: [
        ...own.roles.map((name) => ({ roleName: [{ 'equals-ignore-case': name }] })),
        ...own.rolePrefixes.map((prefix) => ({ roleName: [{ prefix: { 'equals-ignore-case': prefix } }] })),
      ],
      most: 15,
    },
    {
      // Whoever else puts it back could have us take a dead installation for a living one.
      name: 'canary',
      eventSources: ['iam.amazonaws.com'],
      resources: own.canary === null ? [] : [{ roleName: [{ 'equals-ignore-case': own.canary.roleName }] }],
      notBy: own.canary?.changedBy ?? [],
    },
    {
      name: 'policies',
      eventSources: ['iam.amazonaws.com'],
      resources: own.policies.map((arn) => ({ policyArn: [{ 'equals-ignore-case': arn }] })),
      most: 6,
    },
    { name: 'ledger', eventSources: ['dynamodb.amazonaws.com'], resources: own.tables.map(table), most: 1 },
    {
      name: 'parameters',
      eventSources: ['ssm.amazonaws.com'],
      resources: own.parameters.map((name) => ({ name: [name], names: [name] })),
      most: 1,
    },
    {
      name: 'secrets',
      eventSources: ['secretsmanager.amazonaws.com'],
      resources: own.secrets.map(secret),
      most: 1,
    },
    {
      name: 'keys',
      eventSources: ['kms.amazonaws.com'],
      // By name: a key's grants and rotations change while it is used.
      eventNames: ['DeleteImportedKeyMaterial', 'DisableKey', 'PutKeyPolicy', 'ScheduleKeyDeletion'],
      resources: own.keys.map(({ name, arn }) => ({ keyId: [name, arn] })),
      most: 8,
    },
    {
      name: 'logs',
      eventSources: ['logs.amazonaws.com'],
      // By name: a function makes a stream whenever it starts, and people query.
      eventNames: [
        'AssociateKmsKey',
        'DeleteAccountPolicy',
        'DeleteLogGroup',
        'DeleteLogStream',
        'PutAccountPolicy',
        'PutDataProtectionPolicy',
        'PutRetentionPolicy',
      ],
      resources: own.logGroups.length === 0 ? [] : [...own.logGroups.map(logGroup), accountPolicy],
      most: 2,
    },
    {
      name: 'alarms',
      eventSources: ['monitoring.amazonaws.com'],
      resources: [alarm({ prefix: own.alarmPrefix }), dataset],
    },
    {
      name: 'stack',
      eventSources: ['cloudformation.amazonaws.com'],
      // By name: each deployment of a stack is more calls that name it. These say who is behind the changes that follow.
      // Under an alias a stack is called by another name from then on; a refactoring takes resources out of it, whatever
      // protects it.
      eventNames: [
        'CreateStackRefactor',
        'DeleteStack',
        'ExecuteChangeSet',
        'ExecuteStackRefactor',
        'SetAlias',
        'UpdateStack',
        'UpdateTerminationProtection',
      ],
      resources: [stack(own.stack.name), stack(own.stack.arn), stackRefactor],
    },
  ];
}
