import type { IncomingHttpHeaders } from 'node:http';

import * as z from 'zod/mini';

import type { Call } from '../../support/iam-evaluator.ts';
import { ACCOUNT_ID, REGION } from '../moto/account.ts';

/** One request to AWS, as IAM judges it. */
export interface AwsCall extends Call {
  readonly protocol: 'query' | 'json';
}

const jsonInput = z.object({
  QueueUrl: z.optional(z.string()),
  TableName: z.optional(z.string()),
  Entries: z.optional(z.array(z.object({ EventBusName: z.optional(z.string()) }))),
});

/**
 * Which action on which resource a signed request asks for: what the functions call, and nothing else, by the Service
 * Authorization Reference (https://docs.aws.amazon.com/service-authorization/latest/reference/).
 * @throws for a call that it does not know, so that a new one is added here.
 */
export function readCall(headers: IncomingHttpHeaders, body: Buffer): AwsCall {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
  const target = headers['x-amz-target'];
  return typeof target === 'string'
    ? { protocol: 'json', ...readJson(service, target, body) }
    : { protocol: 'query', ...readQuery(service, new URLSearchParams(body.toString())) };
}

function readQuery(service: string, parameters: URLSearchParams): Call {
  const action = `${service}:${parameters.get('Action')}`;
  const [topic, role, policy] = ['TopicArn', 'RoleName', 'PolicyArn'].map((name) => parameters.get(name));
  if (service === 'sns' && topic !== null && topic !== undefined) return { action, resource: topic };
  if (service === 'iam' && role !== null && role !== undefined)
    return {
      action,
      resource: `arn:aws:iam::${ACCOUNT_ID}:role/${role}`,
      ...(policy === null || policy === undefined ? {} : { context: { 'iam:PolicyARN': policy } }),
    };
  if (service === 'iam' && policy !== null && policy !== undefined) return { action, resource: policy };
  throw new Error(`which resource is ${action} about?`);
}

function readJson(service: string, target: string, body: Buffer): Call {
  const operation = target.slice(target.lastIndexOf('.') + 1);
  // A batch needs the permission of its single form.
  const action = `${service}:${operation.replace(/^(SendMessage)Batch$/, '$1')}`;
  const { QueueUrl, TableName, Entries } = z.parse(jsonInput, JSON.parse(body.toString()));
  const arn = (rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${rest}`;
  if (QueueUrl !== undefined) return { action, resource: arn(QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)) };
  if (TableName !== undefined) return { action, resource: arn(`table/${TableName}`) };
  if (service === 'events') return { action, resource: arn(`event-bus/${Entries?.[0]?.EventBusName}`) };
  throw new Error(`which resource is ${action} about?`);
}
