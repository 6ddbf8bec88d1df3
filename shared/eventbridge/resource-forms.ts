import type { Json } from '../model.ts';

/**
 * Which values of which members of CloudTrail's `requestParameters` mean one resource: all forms that its service takes. A
 * point leads to a member of a member.
 */
export type ResourceForms = Readonly<Record<string, readonly Json[]>>;

/** A resource that some calls know by its name and others by its ARN. */
export interface NamedResource {
  readonly name: string;
  readonly arn: string;
}

// PutRule and its like say `name`, PutTargets and RemoveTargets say `rule`. Neither takes an ARN.
export function rule(form: Json): ResourceForms {
  return { name: [form], rule: [form] };
}

// SQS has several host names for one queue, and takes them all. Whether it forgives a slash too many or a bare name is
// not documented.
export function queue(name: string): ResourceForms {
  return { queueUrl: [{ suffix: name }, { suffix: `${name}/` }], sourceArn: [{ suffix: `:${name}` }] };
}

export function topic(arn: string): ResourceForms {
  return { topicArn: [arn], subscriptionArn: [{ prefix: `${arn}:` }], resourceArn: [arn] };
}

// A name, any end of the ARN, and each with a qualifier behind it:
// https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html
export function lambda(name: string): ResourceForms {
  return {
    functionName: [name, { prefix: `${name}:` }, { suffix: `:${name}` }, { wildcard: `*:${name}:*` }],
    resourceArn: [{ suffix: `:${name}` }, { wildcard: `*:${name}:*` }],
  };
}

/** A role of ours that a function is given. */
export function borrowed(roleName: string): ResourceForms {
  return { role: [{ suffix: { 'equals-ignore-case': `/${roleName}` } }] };
}

/** A queue that a function or a pipe is fed from. Whether CloudTrail makes the first letter of a pipe's `Source` small is not known. */
export function consumed(form: Json): ResourceForms {
  return { eventSourceArn: [form], source: [form], Source: [form] };
}

// CloudTrail makes the first letter of `UUID` small. No recorded example was found, so the other spellings, too.
export function mapping(uuid: string): ResourceForms {
  return { uUID: [uuid], uuid: [uuid], UUID: [uuid] };
}

export function table({ name, arn }: NamedResource): ResourceForms {
  return { tableName: [name, arn], resourceArn: [arn], backupArn: [{ prefix: `${arn}/backup/` }] };
}

// Secrets Manager adds a hyphen and six characters to the name in the ARN, and takes the ARN without them, too.
export function secret(name: string): ResourceForms {
  return { secretId: [name, { suffix: `:secret:${name}` }, { wildcard: `*:secret:${name}-*` }] };
}

// Older calls know a name, newer ones an identifier, which is a name or an ARN.
export function logGroup(name: string): ResourceForms {
  return {
    logGroupName: [name],
    logGroupIdentifier: [{ suffix: name }],
    resourceIdentifier: [{ suffix: `:${name}` }],
  };
}

/** One for all log groups, or for those that it selects:
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html */
export const accountPolicy: ResourceForms = { policyName: [{ exists: true }] };

/** Whichever stacks it is about was said when it was created: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteStackRefactor.html */
export const stackRefactor: ResourceForms = { stackRefactorId: [{ exists: true }] };

/** By its name or ARN; as one of several between which resources are moved, too. */
export function stack(...forms: readonly Json[]): ResourceForms {
  return {
    stackName: forms,
    'stackDefinitions.stackName': forms,
    'resourceMappings.source.stackName': forms,
    'resourceMappings.destination.stackName': forms,
  };
}

export function alarm(form: Json): ResourceForms {
  return { alarmName: [form], alarmNames: [form], 'muteTargets.alarmNames': [form] };
}

/** All metrics of the account and region, which can be given a key:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AssociateDatasetKmsKey.html */
export const dataset: ResourceForms = { datasetIdentifier: [{ exists: true }] };

/** What means any of them. */
export function merged(resources: readonly ResourceForms[]): ResourceForms {
  const members = [...new Set(resources.flatMap((forms) => Object.keys(forms)))];
  return Object.fromEntries(
    members.map((member) => [member, resources.flatMap((forms) => forms[member] ?? [])]),
  );
}
