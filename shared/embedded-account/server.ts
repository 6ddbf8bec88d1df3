import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Clock } from '../ports/clock.ts';
import { accountOver, type EmbeddedAccount } from './account.ts';
import { answerToError, CallHandler, type Answer } from './call-handler.ts';
import { eksProtocol } from './eks-protocol.ts';
import { queryProtocol } from './query-protocol.ts';
import { IamRefusal } from './refusal.ts';
import { AccountStore } from './store.ts';

export interface EmbeddedAccountOptions {
  /** Twelve digits. */
  readonly accountId: string;
  /** `aws` unless said. */
  readonly partition?: string;
  /** The system's unless said. */
  readonly clock?: Clock;
  /** Loopback unless said: it asks nobody for credentials. */
  readonly host?: string;
  /** Any free one unless said. */
  readonly port?: number;
}

const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds) => {
    await sleep(milliseconds);
  },
};

/** Larger than any request that IAM takes: its longest parameter is 131,072 characters, percent-encoded threefold. */
const largestBody = 2 ** 20;

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > largestBody) throw new IamRefusal('ValidationError', 'The request is too large.');
  }
  return body;
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === 'hang up') {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}

async function respond(
  handler: CallHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomUUID();
  const { method = '', url: path = '', headers } = request;
  const asked = { method, path, authorization: headers.authorization ?? '', body: '' };
  const protocol = eksProtocol.speaks(asked) ? eksProtocol : queryProtocol;
  try {
    const body = await readBody(request);
    send(response, await handler.answer({ ...asked, body }, protocol, requestId));
  } catch (error) {
    send(response, answerToError(error, protocol, requestId));
  }
}

/**
 * An account of one's own, on loopback. Point any AWS client at it with `AWS_ENDPOINT_URL_IAM`
 * (and `AWS_ENDPOINT_URL_EKS` for Pod Identity associations); it takes all credentials.
 * What it does not model it refuses by name, so that nobody builds on an answer that AWS would not give.
 */
export async function startEmbeddedAccount(options: EmbeddedAccountOptions): Promise<EmbeddedAccount> {
  const { accountId, partition = 'aws', clock = systemClock, host = '127.0.0.1', port = 0 } = options;
  const store = new AccountStore({ accountId, partition }, clock);
  const handler = new CallHandler(store, clock);

  const server = createServer((request, response) => {
    void respond(handler, request, response);
  });
  // After five idle seconds node would hang up, at times just as the client sends its next call.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      // Clients keep their connections open for the next call.
      server.closeAllConnections();
    });
  return accountOver(store, handler, { endpoint: endpointOf(server.address()), close });
}

function endpointOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new Error('the server has no network address');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
