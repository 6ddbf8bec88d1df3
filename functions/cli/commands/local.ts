import { systemClock } from '../../../shared/aws/system-clock.ts';
import type { EmbeddedAccount } from '../../../shared/embedded-account/account.ts';
import { startEmbeddedAccount } from '../../../shared/embedded-account/server.ts';
import { clientsAt } from '../replay/accounts.ts';
import { readAuthorizationDetails } from '../authorization-details.ts';
import { type Args, defineCommand } from '../command.ts';
import type { Io } from '../io.ts';
import { reasonOf } from '../read-input.ts';
import { exactNames, seedRoles } from '../seed-account.ts';
import { readSpec } from '../spec-file.ts';
import { bold, cyan, dim, red, yellow } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { plural } from '../plural.ts';

/** The embedded account as a server. */
export const local = defineCommand({
  name: 'local',
  usage: '[--port N] [--account-id ID] [--account FILE] [--spec FILE]',
  details: [
    'Serves IAM on 127.0.0.1 until it is interrupted; nothing is kept. The endpoint goes to stdout, the calls that it ' +
      'answers to stderr. With --json the endpoint is a JSON object.',
  ],
  options: {
    port: { value: 'N', summary: 'default 4500; 0 takes a free one' },
    'account-id': { value: 'ID', summary: 'default 111122223333, or that of --account' },
    account: { value: 'FILE', summary: 'start state: output of aws iam get-account-authorization-details' },
    spec: { value: 'FILE', summary: 'start with the roles that this spec declares' },
  },
  positionals: { min: 0, max: 0 },
  examples: [
    'iam-drift local --spec infra/spec/roles.yaml',
    'AWS_ENDPOINT_URL_IAM=http://127.0.0.1:4500 aws iam list-roles',
  ],
  run: async (io, args) => {
    const saved = await readAuthorizationDetails(io, args.text('account'));
    const account = await start(args, saved?.accountId ?? '111122223333');
    try {
      if (saved !== null) account.loadAuthorizationDetails(saved.details);
      await addDeclaredRoles(io, args.text('spec'), account);
      announce(io, args, account);
      const stopLogging = logCalls(io, account);
      await io.stopped();
      stopLogging();
    } finally {
      await account.close();
    }
    return 0;
  },
});

type LocalArgs = Args<'port' | 'account-id' | 'account' | 'spec'>;

async function start(args: LocalArgs, defaultAccountId: string): Promise<EmbeddedAccount> {
  const accountId = args.text('account-id') ?? defaultAccountId;
  if (!/^\d{12}$/.test(accountId))
    throw new UsageError(`local: --account-id is 12 digits, not "${accountId}"`);
  const text = args.text('port') ?? '4500';
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new UsageError(`local: --port is a number up to 65535, not "${text}"`);
  try {
    return await startEmbeddedAccount({ accountId, port });
  } catch (cause) {
    throw new UsageError(
      `local: cannot listen on port ${port}: ${reasonOf(cause)}; --port 0 takes a free one`,
      { cause },
    );
  }
}

async function addDeclaredRoles(io: Io, file: string | null, account: EmbeddedAccount): Promise<void> {
  if (file === null) return;
  const spec = await readSpec(io, file);
  const clients = clientsAt(account.endpoint);
  const problems = await seedRoles(account, spec, exactNames(spec), { clients, clock: systemClock });
  clients.destroy();
  for (const problem of problems) io.stderr.line(yellow('! '), problem);
}

function announce(io: Io, args: LocalArgs, account: EmbeddedAccount): void {
  const { accountId, endpoint } = account;
  if (args.flag('json')) {
    io.stdout.json({ endpoint, accountId });
    return;
  }
  io.stdout.line(
    'IAM of account ',
    bold(accountId),
    ` with ${plural(account.roles().length, 'role')} at `,
    bold(endpoint),
  );
  io.stdout.line();
  io.stdout.line(cyan(`  export AWS_ENDPOINT_URL_IAM=${endpoint}`));
  io.stdout.line(cyan(`  export AWS_ENDPOINT_URL_EKS=${endpoint}`));
  io.stdout.line(cyan('  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1'));
  io.stdout.line();
  io.stderr.line(dim('Ctrl-C ends it. Calls:'));
}

/** How long a call may wait for its line. */
const logEveryMs = 200;

function logCalls(io: Io, account: EmbeddedAccount): () => void {
  let logged = account.calls.length;
  const logNew = () => {
    for (const { operation, error, at } of account.calls.slice(logged)) {
      const outcome = error === null ? [] : [' ', red(error)];
      io.stderr.line(dim(`${at.toISOString().slice(11, 19)}  `), operation, ...outcome);
    }
    logged = account.calls.length;
  };
  const timer = setInterval(logNew, logEveryMs);
  return () => {
    clearInterval(timer);
    logNew();
  };
}
