import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import * as z from 'zod/mini';

import { INSTALLATION_PARAMETER, ownRoleNames } from '../../../infra/names.ts';
import { REGION } from '../moto/account.ts';
import { type Aws, jsonCall } from '../moto/aws.ts';
import { type Gateway, gateway } from './gateway.ts';

/** People at the command line, each command in a process of its own, with what their roles allow and no more. */
export interface CommandLine {
  /** By a person with the credentials of that role; of the operators' unless said. */
  run(argv: readonly string[], as?: string): Promise<Ended>;
  /** The same, and a look that is asked for comes as late as it was asked for, not at once. */
  runUnhurried(argv: readonly string[]): Promise<Ended>;
  /** Between the command line and AWS. */
  readonly gateway: Gateway;
  close(): void;
}

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const BUNDLE = join(import.meta.dirname, '../../../dist/cli/iam-drift.mjs');

/**
 * @param profiles By name: the role that a profile of the shared AWS configuration has the credentials of. A role's
 *   credentials are its name: moto checks none.
 */
export async function commandLine(
  aws: Aws,
  folder: string,
  profiles: Readonly<Record<string, string>>,
): Promise<CommandLine> {
  let hurries = true;
  const own = await gateway(aws.endpoint, aws.iam, {
    roleOf: (accessKeyId) => accessKeyId,
    rewrite: (body) => (hurries ? body.replaceAll(/"DelaySeconds":\d+/g, '"DelaySeconds":0') : body),
  });
  await leadQueuesTo(own.endpoint, aws.endpoint);
  mkdirSync(folder, { recursive: true });
  const credentials = join(folder, 'credentials');
  writeFileSync(credentials, Object.entries(profiles).map(profileText).join('\n'));
  const run = async (argv: readonly string[], as: string = ownRoleNames.operator): Promise<Ended> => {
    const child = spawn(process.execPath, [BUNDLE, ...argv], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        AWS_ACCESS_KEY_ID: as,
        AWS_SECRET_ACCESS_KEY: 'example',
        AWS_SHARED_CREDENTIALS_FILE: credentials,
        AWS_CONFIG_FILE: join(folder, 'no-config'),
        AWS_ENDPOINT_URL: own.endpoint,
        AWS_REGION: REGION,
        USER: 'ann',
      },
    });
    const [stdout, stderr, [exitCode]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit').then((ended) => z.parse(z.tuple([z.number(), z.null()]), ended)),
    ]);
    return { exitCode, stdout, stderr };
  };
  return {
    run,
    runUnhurried: async (argv) => {
      hurries = false;
      const ended = await run(argv);
      hurries = true;
      return ended;
    },
    gateway: own,
    close: () => own.close(),
  };
}

function profileText([name, role]: readonly [string, string]): string {
  return `[${name}]\naws_access_key_id = ${role}\naws_secret_access_key = example\n`;
}

const answer = z.object({ Parameter: z.object({ Value: z.string() }) });

/** In what the stack wrote down for the command line, only where SQS is changes. */
async function leadQueuesTo(endpoint: string, moto: string): Promise<void> {
  const Name = INSTALLATION_PARAMETER;
  const { Value } = z.parse(
    answer,
    await jsonCall(moto, 'ssm', 'AmazonSSM.GetParameter', { Name }),
  ).Parameter;
  await jsonCall(moto, 'ssm', 'AmazonSSM.PutParameter', {
    Name,
    Type: 'String',
    Value: Value.replaceAll(/https?:\/\/[^/"]+/g, endpoint),
    Overwrite: true,
  });
}
