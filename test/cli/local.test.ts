import { once } from 'node:events';
import { createServer } from 'node:net';

import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { createOutput } from '../../functions/cli/io.ts';
import { run } from '../../functions/cli/run.ts';
import { cli, inFolder, root } from './run-cli.ts';

const spec = 'version: 1\nroles:\n  - name: eksNodeRole\n    preset: eks-node\n';

/** As `Promise.withResolvers`, which node 20 lacks. */
function promiseParts<T>() {
  const parts: { resolve?: (value: T) => void } = {};
  const promise = new Promise<T>((resolve) => {
    parts.resolve = resolve;
  });
  return { promise, resolve: (value: T) => parts.resolve?.(value) };
}

describe('local', () => {
  it('serves the declared roles until it is stopped, and logs calls on stderr', async () => {
    await inFolder({ 'roles.yaml': spec }, async (cwd) => {
      const { promise: stopped, resolve: stop } = promiseParts<undefined>();
      let stderr = '';
      const { promise: announced, resolve: announce } = promiseParts<string>();
      const paper = { colour: false, columns: 100, isTerminal: false };
      const running = run(
        {
          stdout: createOutput(announce, paper),
          stderr: createOutput((text) => (stderr += text), paper),
          stdin: async () => new Uint8Array(),
          cwd,
          env: {},
          packageRoot: root,
          stopped: async () => stopped,
        },
        ['local', '--port', '0', '--spec', 'roles.yaml', '--json'],
      );
      const { endpoint, accountId } = z.parse(
        z.object({ endpoint: z.string(), accountId: z.string() }),
        JSON.parse(await announced),
      );
      const iam = new IAMClient({
        endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      });
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'eksnoderole' }));
      expect(Role?.Arn).toBe(`arn:aws:iam::${accountId}:role/eksNodeRole`);
      stop(undefined);
      expect(await running).toBe(0);
      expect(stderr).toMatch(/GetRole/);
      iam.destroy();
    });
  });

  it('prints what to export', async () => {
    const { exitCode, stdout } = await cli(['local', '--port', '0']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/export AWS_ENDPOINT_URL_IAM=http:\/\/127\.0\.0\.1:\d+\n/);
  });

  it('says that a port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    expect((await cli(['local', '--port', String(port)])).stderr).toBe(
      `error: local: cannot listen on port ${port}: another program uses it; --port 0 takes a free one\n`,
    );
    other.close();
  });

  it('refuses what is no port and no account', async () => {
    expect((await cli(['local', '--port', '70000'])).stderr).toContain('--port is a number up to 65535');
    expect((await cli(['local', '--account-id', '12'])).stderr).toContain('--account-id is 12 digits');
  });
});
