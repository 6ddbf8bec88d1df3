import type { IncomingHttpHeaders } from 'node:http';

import * as z from 'zod/mini';

import type { Call } from '../../support/iam-evaluator.ts';
import { ACCOUNT_ID, REGION } from '../moto/account.ts';

/** One request to AWS, as IAM judges it. */
export interface AwsCall extends Call {
  readonly accessKeyId: string;
  readonly protocol: 'query' | 'json';
  /** What the caller must be allowed besides, such as to pass the role that it hands over. */
  readonly besides: readonly Call[];
}

/**
 * Which action on which resource a signed request asks for: what the functions and the command line call, and nothing
 * else, by the Service Authorization Reference (https://docs.aws.amazon.com/service-authorization/latest/reference/).
 * @throws for a call that it does not know, so that a new one is added here.
 */
export function readCall(headers: IncomingHttpHeaders, body: Buffer): AwsCall {
  const [, accessKeyId = '', service = ''] =
    /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  const target = headers['x-amz-target'];
  if (typeof target === 'string')
    return { accessKeyId, protocol: 'json', ...readJson(service, target, body), besides: [] };
  const parameters = new URLSearchParams(body.toString());
  return {
    accessKeyId,
    protocol: 'query',
    ...(service === 'iam'
      ? readIam(parameters)
      : service === 'sts'
        ? readSts(parameters)
        : readSns(parameters)),
    besides: passedRoles(parameters),
  };
}

function readSns(parameters: URLSearchParams): Call {
  const action = `sns:${parameters.get('Action')}`;
  const topic = parameters.get('TopicArn');
  if (topic === null) throw new Error(`which resource is ${action} about?`);
  return { action, resource: topic };
}

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
function readSts(parameters: URLSearchParams): Call {
  return { action: `sts:${parameters.get('Action')}`, resource: '*' };
}

const iamArn = (kind: string, name: string) => `arn:aws:iam::${ACCOUNT_ID}:${kind}${name}`;

function readIam(parameters: URLSearchParams): Call {
  const action = `iam:${parameters.get('Action')}`;
  const [provider, profile, role, policy, newPolicy, boundary] = [
    'OpenIDConnectProviderArn',
    'InstanceProfileName',
    'RoleName',
    'PolicyArn',
    'PolicyName',
    'PermissionsBoundary',
  ].map((name) => parameters.get(name) ?? undefined);
  if (provider !== undefined) return { action, resource: provider };
  // Before the role: whoever puts a role into a profile changes the profile.
  if (profile !== undefined) return { action, resource: iamArn('instance-profile/', profile) };
  if (role !== undefined)
    return {
      action,
      resource: iamArn('role/', role),
      context: {
        ...(policy !== undefined && { 'iam:PolicyARN': policy }),
        ...(boundary !== undefined && { 'iam:PermissionsBoundary': boundary }),
      },
    };
  if (policy !== undefined) return { action, resource: policy };
  if (newPolicy !== undefined)
    return { action, resource: iamArn('policy', `${parameters.get('Path') ?? '/'}${newPolicy}`) };
  throw new Error(`which resource is ${action} about?`);
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html
function passedRoles(parameters: URLSearchParams): readonly Call[] {
  return parameters.get('Action') === 'AddRoleToInstanceProfile'
    ? [
        {
          action: 'iam:PassRole',
          resource: iamArn('role/', parameters.get('RoleName') ?? ''),
          context: { 'iam:PassedToService': 'ec2.amazonaws.com' },
        },
      ]
    : [];
}

const jsonInput = z.object({
  QueueUrl: z.optional(z.string()),
  TableName: z.optional(z.string()),
  /** Of a parameter of Systems Manager. */
  Name: z.optional(z.string()),
  /** A secret's ARN. */
  SecretId: z.optional(z.string()),
  Entries: z.optional(z.array(z.object({ EventBusName: z.optional(z.string()) }))),
});

function readJson(service: string, target: string, body: Buffer): Call {
  const operation = target.slice(target.lastIndexOf('.') + 1);
  // A batch needs the permission of its single form.
  const action = `${service}:${operation.replace(/^(SendMessage)Batch$/, '$1')}`;
  const input = z.parse(jsonInput, JSON.parse(body.toString()));
  const { QueueUrl, TableName, Name, SecretId, Entries } = input;
  const arn = (rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${rest}`;
  if (QueueUrl !== undefined) return { action, resource: arn(QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)) };
  if (TableName !== undefined) return { action, resource: arn(`table/${TableName}`) };
  if (SecretId !== undefined) return { action, resource: SecretId };
  if (service === 'ssm' && Name !== undefined)
    return { action, resource: arn(`parameter/${Name.replace(/^\//, '')}`) };
  if (service === 'events') return { action, resource: arn(`event-bus/${Entries?.[0]?.EventBusName}`) };
  throw new Error(`which resource is ${action} about?`);
}
