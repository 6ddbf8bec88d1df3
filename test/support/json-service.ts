import { loopbackServer } from './loopback-server.ts';

/** One call that a service received: `AWSEvents.PutEvents`, and its input. */
export interface JsonCall {
  readonly target: string;
  readonly input: unknown;
}

export interface JsonService {
  readonly endpoint: string;
  readonly calls: readonly JsonCall[];
  close(): void;
}

/**
 * An AWS service whose protocol is JSON (EventBridge, SQS), on loopback: records each call and answers what `answer` says; an
 * error as AWS's error of that name.
 */
export async function jsonService(answer: (call: JsonCall) => unknown): Promise<JsonService> {
  const calls: JsonCall[] = [];
  const { endpoint, close } = await loopbackServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const input: unknown = JSON.parse(Buffer.concat(chunks).toString());
      const call = { target: String(request.headers['x-amz-target']), input };
      calls.push(call);
      const answered = answer(call);
      const status = answered instanceof Error ? 400 : 200;
      response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' });
      response.end(
        JSON.stringify(
          answered instanceof Error ? { __type: answered.name, message: answered.message } : answered,
        ),
      );
    });
  });
  return {
    endpoint,
    calls,
    close,
  };
}
