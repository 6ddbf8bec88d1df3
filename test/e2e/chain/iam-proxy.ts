import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http';

/** Stands before IAM: hears every call, and throttles when told to. */
export interface IamProxy {
  readonly endpoint: string;
  /** Names of the calls so far, throttled ones too. */
  readonly calls: readonly string[];
  /** Refuses the next calls. */
  throttle(calls: number): void;
  close(): void;
}

const THROTTLED = `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
  <Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error>
  <RequestId>00000000-0000-4000-8000-000000000000</RequestId>
</ErrorResponse>`;

export async function iamProxy(upstream: string): Promise<IamProxy> {
  const calls: string[] = [];
  let toRefuse = 0;
  const server = createServer((incoming, response) => {
    void bodyOf(incoming).then((body) => {
      calls.push(new URLSearchParams(body.toString()).get('Action') ?? '');
      if (toRefuse > 0) {
        toRefuse -= 1;
        response.writeHead(400, { 'content-type': 'text/xml' }).end(THROTTLED);
      } else forward(upstream, incoming, body, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    calls,
    throttle: (count) => {
      toRefuse = count;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function forward(
  upstream: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): void {
  const outgoing = send(new URL(url ?? '/', upstream), { method, headers }, (answer) => {
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
