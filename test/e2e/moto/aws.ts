import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';

import { REGION } from './account.ts';

/** Unmodified SDK clients of the one moto server. */
export interface Aws {
  readonly endpoint: string;
  readonly dynamodb: DynamoDBClient;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
}

/** The account as it is before anything was deployed. */
export async function emptyAccount(): Promise<Aws> {
  const endpoint = process.env['MOTO_ENDPOINT'];
  if (endpoint === undefined)
    throw new Error('there is no moto server: start these tests by npm run test:e2e');
  await ask(await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' }));
  const options = {
    endpoint,
    region: REGION,
    credentials: { accessKeyId: 'example', secretAccessKey: 'example' },
  };
  return {
    endpoint,
    dynamodb: new DynamoDBClient(options),
    events: new EventBridgeClient(options),
    iam: new IAMClient(options),
    sns: new SNSClient(options),
    sqs: new SQSClient(options),
  };
}

// moto finds the service in the credential scope and checks no signature.
const authorization = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=example/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`;

/** A call of a query API that answers in JSON when asked to. @throws with AWS's own message if it is refused. */
export async function queryCall(
  endpoint: string,
  service: string,
  parameters: Readonly<Record<string, string>>,
): Promise<unknown> {
  const body = new URLSearchParams({ ...parameters, ContentType: 'JSON' });
  const headers = { authorization: authorization(service) };
  return ask(await fetch(endpoint, { method: 'POST', headers, body }));
}

/** A call of a REST API: PUT where there is something to put, else GET. @throws with AWS's own message if it is refused. */
export async function restCall(
  endpoint: string,
  service: string,
  path: string,
  put?: string | Uint8Array<ArrayBuffer>,
): Promise<unknown> {
  const headers = { authorization: authorization(service), 'content-type': 'application/octet-stream' };
  const request = put === undefined ? { headers } : { method: 'PUT', headers, body: put };
  return ask(await fetch(`${endpoint}${path}`, request));
}

/** A call of a JSON API. @throws with AWS's own message if it is refused. */
export async function jsonCall(
  endpoint: string,
  service: string,
  target: string,
  input: object,
): Promise<unknown> {
  const headers = {
    authorization: authorization(service),
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': target,
  };
  return ask(await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input) }));
}

async function ask(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text}`);
  const answer: unknown = text === '' ? null : JSON.parse(text);
  return answer;
}
