import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';

import { loopbackServer } from '../loopback-server.ts';

/** A bundle running under AWS's own runtime interface client. */
export interface RunningFunction {
  /** Hands it one event; answers what it returned, or throws what it failed with. */
  invoke(event: unknown): Promise<unknown>;
  /** All that it has written so far: in Lambda, the log. */
  log(): string;
  stop(): Promise<void>;
}

interface Invocation {
  readonly id: string;
  readonly event: string;
  readonly settle: (result: Result) => void;
}

type Result = { readonly ok: true; readonly body: string } | { readonly ok: false; readonly body: string };

const ROOT = join(import.meta.dirname, '../../..');

/** Plays the Lambda service: the Runtime API on loopback, and the process that asks it for work. */
export async function runFunction(
  bundleFolder: string,
  env: Readonly<Record<string, string>>,
): Promise<RunningFunction> {
  const waiting: Invocation[] = [];
  const underWay = new Map<string, Invocation>();
  let poll: ServerResponse | null = null;
  let serial = 0;

  const handOut = () => {
    const invocation = poll === null ? undefined : waiting.shift();
    if (invocation === undefined || poll === null) return;
    underWay.set(invocation.id, invocation);
    poll.writeHead(200, {
      'Lambda-Runtime-Aws-Request-Id': invocation.id,
      'Lambda-Runtime-Deadline-Ms': String(Date.now() + 60_000),
      'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:us-east-1:111122223333:function:under-test',
      'Content-Type': 'application/json',
    });
    poll.end(invocation.event);
    poll = null;
  };
  const { port, close } = await loopbackServer((request, response) => {
    if (request.url?.endsWith('/invocation/next') === true) {
      poll = response;
      handOut();
      return;
    }
    const [, id = '', verb] = /\/invocation\/([^/]+)\/(response|error)$/.exec(request.url ?? '') ?? [];
    void textOf(request).then((body) => {
      response.writeHead(202).end();
      underWay.get(id)?.settle({ ok: verb === 'response', body });
      underWay.delete(id);
    });
  });

  const child = start(bundleFolder, { ...env, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}` });
  const output: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  let ended = false;
  child.on('exit', () => {
    ended = true;
    const body = `the function ended: ${output.join('')}`;
    for (const { settle } of [...underWay.values(), ...waiting.splice(0)]) settle({ ok: false, body });
  });

  return {
    invoke: async (event) => {
      if (ended) throw new Error(`the function has ended: ${output.join('')}`);
      serial += 1;
      const result = await new Promise<Result>((settle) => {
        waiting.push({ id: `invocation-${serial}`, event: JSON.stringify(event), settle });
        handOut();
      });
      if (!result.ok) throw new Error(result.body);
      const answer: unknown = JSON.parse(result.body);
      return answer;
    },
    log: () => output.join(''),
    stop: async () => {
      if (child.exitCode === null) {
        child.kill();
        await once(child, 'exit');
      }
      close();
    },
  };
}

function start(bundleFolder: string, env: Readonly<Record<string, string>>): ChildProcess {
  const preload = join(import.meta.dirname, 'preload.mjs');
  const client = join(ROOT, 'node_modules/aws-lambda-ric/index.mjs');
  return spawn(process.execPath, ['--enable-source-maps', '--import', preload, client, 'index.handler'], {
    cwd: bundleFolder,
    env: {
      PATH: process.env['PATH'] ?? '',
      AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true',
      AWS_LAMBDA_FUNCTION_NAME: 'under-test',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/under-test',
      AWS_LAMBDA_LOG_STREAM_NAME: 'local',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      LAMBDA_TASK_ROOT: bundleFolder,
      _HANDLER: 'index.handler',
      ...env,
    },
  });
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
