import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { JsonObject } from '../model.ts';
import type { Clock } from '../ports/clock.ts';
import { accountOver, type Conditions, type EmbeddedAccount, type EmbeddedCall } from './account.ts';
import { FaultQueue, faultRefusal } from './faults.ts';
import { operationName, readInput, requireOperation, writeOutput, writeRefusal } from './query-protocol.ts';
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

type Answer = { readonly status: number; readonly xml: string } | 'no answer';

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

function asRefusal(error: unknown): IamRefusal {
  if (error instanceof IamRefusal) return error;
  return new IamRefusal('InternalFailure', `the embedded account failed: ${String(error)}`);
}

function send(response: ServerResponse, answer: Answer, requestId: string): void {
  if (answer === 'no answer') {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, { 'content-type': 'text/xml', 'x-amzn-requestid': requestId });
  response.end(answer.xml);
}

/**
 * An account of one's own, on loopback. Point any AWS client at it with `AWS_ENDPOINT_URL_IAM`; it takes all credentials.
 * What it does not model it refuses by name, so that nobody builds on an answer that AWS would not give.
 */
export async function startEmbeddedAccount(options: EmbeddedAccountOptions): Promise<EmbeddedAccount> {
  const { accountId, partition = 'aws', clock = systemClock, host = '127.0.0.1', port = 0 } = options;
  const store = new AccountStore({ accountId, partition }, clock);
  const conditions: Conditions = { faults: new FaultQueue(), latencyMs: 0 };
  const calls: EmbeddedCall[] = [];

  function logCall(operation: string, input: JsonObject): (error: string) => void {
    const index = calls.length;
    const call: EmbeddedCall = { operation, input, at: clock.now(), error: null };
    calls.push(call);
    return (error) => {
      calls[index] = { ...call, error };
    };
  }

  async function answerCall(parameters: URLSearchParams, requestId: string): Promise<Answer> {
    const name = operationName(parameters);
    const schema = requireOperation(name);
    const input = readInput(schema, parameters);
    const failed = logCall(name, input);
    if (conditions.latencyMs > 0) await clock.sleep(conditions.latencyMs);
    const fault = conditions.faults.take(name, input);
    try {
      if (fault !== null && fault.takesEffect !== true) throw faultRefusal(fault, name);
      const output = store.run(schema, input);
      if (fault !== null) throw faultRefusal(fault, name);
      return { status: 200, xml: writeOutput(schema, output, requestId) };
    } catch (error) {
      const refusal = asRefusal(error);
      failed(refusal.code);
      return refusal.code === 'Timeout' ? 'no answer' : writeRefusal(refusal, requestId);
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    try {
      const parameters = new URLSearchParams(await readBody(request));
      send(response, await answerCall(parameters, requestId), requestId);
    } catch (error) {
      send(response, writeRefusal(asRefusal(error), requestId), requestId);
    }
  }

  const server = createServer((request, response) => {
    void answer(request, response);
  });
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
  return accountOver(store, conditions, { endpoint: endpointOf(server.address()), calls, close });
}

function endpointOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new Error('the server has no network address');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
