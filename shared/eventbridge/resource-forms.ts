import type { Json } from '../model.ts';

/** Which values of which members of CloudTrail's `requestParameters` mean one resource: all forms that its service takes. */
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

// SQS has several host names for one queue, and takes them all.
export function queue(name: string): ResourceForms {
  return { queueUrl: [{ suffix: `/${name}` }], sourceArn: [{ suffix: `:${name}` }] };
}

export function topic(arn: string): ResourceForms {
  return { topicArn: [arn], subscriptionArn: [{ prefix: `${arn}:` }], resourceArn: [arn] };
}

// A name, any end of the ARN, and each with a qualifier behind it:
// https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html
export function lambda(name: string): ResourceForms {
  return {
    functionName: [name, { prefix: `${name}:` }, { suffix: `:${name}` }, { wildcard: `*:${name}:*` }],
  };
}

// CloudTrail makes the first letter of `UUID` small. No recorded example was found, so the other spellings, too.
export function mapping(uuid: string): ResourceForms {
  return { uUID: [uuid], uuid: [uuid], UUID: [uuid] };
}

export function table({ name, arn }: NamedResource): ResourceForms {
  return { tableName: [name, arn], resourceArn: [arn] };
}

// Secrets Manager adds a hyphen and six characters to the name in the ARN, and takes the ARN without them, too.
export function secret(name: string): ResourceForms {
  return { secretId: [name, { suffix: `:secret:${name}` }, { wildcard: `*:secret:${name}-*` }] };
}

/** What means any of them. */
export function merged(resources: readonly ResourceForms[]): ResourceForms {
  const members = [...new Set(resources.flatMap((forms) => Object.keys(forms)))];
  return Object.fromEntries(
    members.map((member) => [member, resources.flatMap((forms) => forms[member] ?? [])]),
  );
}
