import { type IncomingMessage, request as send, type ServerResponse } from 'node:http';

import type { IAMClient } from '@aws-sdk/client-iam';

import { type Call, isAllowed } from '../../support/iam-evaluator.ts';
import { loopbackServer } from '../../support/loopback-server.ts';
import { callerIdentity } from '../../support/sts-service.ts';
import { ACCOUNT_ID } from '../moto/account.ts';
import { type AwsCall, readCall } from './aws-call.ts';
import { deployedStatements } from './deployed-statements.ts';

/** The name of everybody's session. */
export const SESSION = 'session-of-ann';

/** Stands between its callers and AWS: lets through what the caller's role allows, as AWS does and moto does not. */
export interface Gateway {
  readonly endpoint: string;
  /** What was asked of IAM so far, such as `iam:GetRole`; throttled and denied calls too. */
  readonly iamCalls: readonly string[];
  /** What was let through. */
  readonly allowed: readonly Allowed[];
  /** What the role does not allow. */
  readonly denied: readonly string[];
  /** Refuses the next calls of IAM. */
  throttle(calls: number): void;
  close(): void;
}

interface Allowed extends Call {
  readonly roleName: string;
}

interface Options {
  /** Whose call it is. */
  readonly roleOf: (accessKeyId: string) => string;
  /** What is sent on instead. */
  readonly rewrite?: (body: string) => string;
}

export async function gateway(
  upstream: string,
  iam: IAMClient,
  { roleOf, rewrite }: Options,
): Promise<Gateway> {
  const iamCalls: string[] = [];
  const allowed: Allowed[] = [];
  const denied: string[] = [];
  let toThrottle = 0;

  const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(incoming);
    const call = readCall(incoming.headers, body);
    const toIam = call.action.startsWith('iam:');
    if (toIam) iamCalls.push(call.action);
    if (toIam && toThrottle > 0) {
      toThrottle -= 1;
      refuse(response, call, 'Throttling', 'Rate exceeded');
      return;
    }
    const roleName = roleOf(call.accessKeyId);
    // It needs no permission, and whose credentials these are, moto does not know.
    if (call.action === 'sts:GetCallerIdentity') {
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(callerIdentity(`arn:aws:sts::${ACCOUNT_ID}:assumed-role/${roleName}/${SESSION}`));
      return;
    }
    // Read for each call: a policy may change while the function runs.
    const statements = await deployedStatements(iam, roleName);
    const refused = [call, ...call.besides].find((one) => !isAllowed(statements, one));
    if (refused === undefined) {
      allowed.push({ roleName, action: call.action, resource: call.resource });
      const text = rewrite === undefined ? body : Buffer.from(rewrite(body.toString()));
      forward(upstream, incoming, text, response);
      return;
    }
    const message = `${roleName} is not authorized to perform: ${refused.action} on resource: ${refused.resource}`;
    denied.push(message);
    refuse(response, call, 'AccessDenied', message);
  };
  const { endpoint, close } = await loopbackServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  return {
    endpoint,
    iamCalls,
    allowed,
    denied,
    throttle: (calls) => {
      toThrottle = calls;
    },
    close,
  };
}

function refuse(response: ServerResponse, { protocol }: AwsCall, code: string, message: string): void {
  if (protocol === 'json') {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ __type: `${code}Exception`, message }));
    return;
  }
  response.writeHead(code === 'AccessDenied' ? 403 : 400, { 'content-type': 'text/xml' });
  response.end(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  );
}

function forward(
  upstream: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): void {
  const sent = { ...headers, 'content-length': String(body.length) };
  const outgoing = send(new URL(url ?? '/', upstream), { method, headers: sent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  outgoing.end(body);
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
