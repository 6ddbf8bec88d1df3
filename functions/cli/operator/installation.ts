import * as z from 'zod/mini';

import { awsErrorCode } from '../../../shared/errors.ts';
import { usualLimits } from '../../../shared/guards/limits.ts';
import type { RoleRef } from '../../../shared/model.ts';
import type { OperatorControls } from '../../../shared/ports/controls.ts';
import type { OperatorKillSwitch } from '../../../shared/ports/kill-switch.ts';
import type { Ledger } from '../../../shared/ports/ledger.ts';
import type { RoleStates } from '../../../shared/ports/role-state.ts';
import { ulid } from '../../../shared/reconciler/identifiers.ts';
import { withRemedy } from '../aws-remedy.ts';
import type { Args } from '../command.ts';
import type { Io } from '../io.ts';
import { type LedgerFile, readExistingLedger, writeLedger } from '../replay/ledger-file.ts';
import { reasonOf } from '../read-input.ts';
import { type RoleArgument, roleArgument } from '../role-argument.ts';
import { UsageError } from '../usage-error.ts';
import { type Announce, announcingControls, announcingKillSwitch } from './announcing.ts';
import { userName } from './operator-name.ts';

/** What an operator speaks to: a deployed installation, or the file that a replay keeps. */
export interface Installation {
  readonly ledger: Ledger;
  readonly roleStates: RoleStates;
  readonly controls: OperatorControls;
  readonly killSwitch: OperatorKillSwitch;
  /** Of its settings. */
  readonly longestExemptionHours: number;
  /**
   * Asks for a look, within about a minute, at the role or at all roles that have drifted. A file has nobody to ask:
   * its next replay looks.
   */
  readonly lookAgain: (which: RoleRef | 'drifted') => Promise<void>;
  /** The role of that name or ARN. @throws {UsageError} where it can be none, or is in another account. */
  readonly role: (named: string) => RoleRef;
  /**
   * Who says something, for the record: the name, which anybody may choose, and whose credentials say it, which AWS knows. A
   * file knows the name only. @throws {UsageError} where AWS does not answer: nothing is said under a name that nothing proves.
   */
  readonly signed: (name: string) => Promise<string>;
}

export const installationOptions = {
  ledger: { value: 'FILE', summary: 'speak to the file of "replay --ledger", not to AWS' },
  account: { value: 'ID', summary: 'with --ledger: the account, if the file has several' },
} as const;

/** For the help of every command that speaks to an installation. */
export const installationDetails =
  "The environment's AWS credentials are used, in the region AWS_REGION (us-east-1 unless set): assume the role " +
  'IamDriftRemediatorOperator, which may do this and nothing else.';

/** Asks something of the installation that the arguments name: a file is not written. */
export async function askInstallation<T>(
  io: Io,
  args: Args<keyof typeof installationOptions>,
  work: (installation: Pick<Installation, 'ledger' | 'role'>) => Promise<T>,
): Promise<T> {
  const file = args.text('ledger');
  if (file === null) return withDeployed(io, work);
  return work(installationIn(await readExistingLedger(io, file), args.text('account')));
}

/** Does something with the installation that the arguments name; not before it is known that a file can be written. */
export async function withInstallation<T>(
  io: Io,
  args: Args<keyof typeof installationOptions>,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const file = args.text('ledger');
  if (file === null) return withDeployed(io, work);
  const kept = await readExistingLedger(io, file);
  await writeLedger(io, file, kept);
  const answer = await work(installationIn(kept, args.text('account')));
  await writeLedger(io, file, kept);
  return answer;
}

function installationIn(kept: LedgerFile, account: string | null): Installation {
  return {
    ...kept,
    longestExemptionHours: usualLimits.exemptionHours,
    lookAgain: async () => {},
    role: roleIn(kept, account),
    signed: async (name) => name,
  };
}

function roleIn({ roleStates }: LedgerFile, account: string | null): Installation['role'] {
  const known = roleStates.saved().states.map(({ role }) => role);
  const accounts = [...new Set(known.map(({ accountId }) => accountId))];
  return (text) => {
    const named = roleArgument(text);
    if (account !== null) refuseOther(named, account, '--account');
    const accountId = account ?? named.accountId ?? accounts[0];
    if (accountId === undefined || (account === null && named.accountId === null && accounts.length > 1))
      throw new UsageError(`--account: say which account; the file has ${accounts.join(', ') || 'none'}`);
    if (named.accountId !== null && !accounts.includes(accountId))
      throw new UsageError(
        `"${text}" is in account ${accountId}; the file has ${accounts.join(', ') || 'none'}`,
      );
    const partition = known.find((role) => role.accountId === accountId)?.partition ?? 'aws';
    return { accountId, partition, roleName: named.roleName };
  };
}

function refuseOther({ roleName, accountId }: RoleArgument, own: string, what: string): void {
  if (accountId !== null && accountId !== own)
    throw new UsageError(`${roleName} is in account ${accountId} by its ARN, and ${what} is ${own}`);
}

/** Where a stack's own parts are, as the stack wrote it down. */
const INSTALLATION_PARAMETER = '/iam-drift/installation';
const KILL_SWITCH_PARAMETER = '/iam-drift/kill-switch';
// The functions may have read the kill switch seconds ago, and believe what they have read for ten.
const LOOK_DELAY_SECONDS = 15;
const written = z.object({
  accountId: z.string(),
  partition: z.string(),
  ledgerTable: z.string(),
  controlsTable: z.string(),
  longestExemptionHours: z.int(),
  reportsQueueUrl: z.string(),
  resyncQueueUrl: z.string(),
});

function partsIn(text: string): z.infer<typeof written> {
  try {
    return z.parse(written, JSON.parse(text));
  } catch (cause) {
    throw new UsageError(
      `the parameter ${INSTALLATION_PARAMETER} is not as this version of iam-drift knows it (${reasonOf(cause)}): ` +
        'use the version that is deployed, or deploy this one',
      { cause },
    );
  }
}

async function withDeployed<T>(io: Io, work: (installation: Installation) => Promise<T>): Promise<T> {
  const region = io.env['AWS_REGION'] ?? io.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  // Loaded here: the help of all commands need not wait for the AWS SDK.
  const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const { sqsAnnouncer } = await import('../../../shared/aws/sqs-announcer.ts');
  const { sqsRequestQueue } = await import('../../../shared/aws/sqs-request-queue.ts');
  const { randomBytes, systemClock: clock } = await import('../../../shared/aws/system-clock.ts');
  const { ssmKillSwitch } = await import('../../../shared/aws/ssm-kill-switch.ts');
  const { dynamoDbControls } = await import('../../../shared/ledger/dynamodb-controls.ts');
  const { dynamoDbLedger } = await import('../../../shared/ledger/dynamodb.ts');
  const { dynamoDbRoleStates } = await import('../../../shared/ledger/dynamodb-role-states.ts');
  const ssm = new SSMClient({ region, ...endpoint(io, 'SSM') });
  const client = new DynamoDBClient({ region, ...endpoint(io, 'DYNAMODB') });
  try {
    const { Parameter } = await ssm
      .send(new GetParameterCommand({ Name: INSTALLATION_PARAMETER }))
      .catch((error: unknown) => {
        throw awsErrorCode(error) === 'ParameterNotFound' ? notInstalled(region, error) : error;
      });
    const parts = partsIn(Parameter?.Value ?? '');
    const { accountId, partition, ledgerTable } = parts;
    const roleStates = dynamoDbRoleStates({ client, tableName: ledgerTable, clock });
    const requests = sqsRequestQueue(parts.resyncQueueUrl, LOOK_DELAY_SECONDS, { region });
    const toPeople = sqsAnnouncer(parts.reportsQueueUrl, { region });
    const announce: Announce = async (said) => {
      const unsaid = { accountId, roleName: null, by: null, reason: null, until: null };
      try {
        await toPeople({ ...unsaid, ...said, id: ulid(clock, randomBytes) });
      } catch (cause) {
        throw new Error(`it is done, but people could not be told of it: ${reasonOf(cause)}`, { cause });
      }
    };
    const signed = async (name: string) => `${name} (${await callerOf(io, region)})`;
    return await work({
      ledger: dynamoDbLedger({ client, tableName: ledgerTable, clock, retentionDays: 1 }),
      roleStates,
      controls: announcingControls(dynamoDbControls({ client, tableName: parts.controlsTable }), announce),
      killSwitch: announcingKillSwitch(
        ssmKillSwitch(KILL_SWITCH_PARAMETER, clock, ssm),
        async () => signed(userName(io)),
        announce,
      ),
      longestExemptionHours: parts.longestExemptionHours,
      lookAgain: async (which) => {
        const roles =
          which === 'drifted' ? (await roleStates.marks(accountId)).map(({ role }) => role) : [which];
        await requests.send(roles.map((role) => ({ role, trigger: 'operator', causes: [], recheck: 0 })));
      },
      role: (text) => {
        const named = roleArgument(text);
        refuseOther(named, accountId, 'the account of this installation');
        return { accountId, partition, roleName: named.roleName };
      },
      signed,
    });
  } catch (error) {
    throw awsErrorCode(error) === 'AccessDenied' ? notAnOperator(error) : withRemedy(error);
  } finally {
    ssm.destroy();
    client.destroy();
  }
}

async function callerOf(io: Io, region: string): Promise<string> {
  const { stsCaller } = await import('../../../shared/aws/sts-caller.ts');
  try {
    return await stsCaller({ region, ...endpoint(io, 'STS') });
  } catch (cause) {
    throw new UsageError(
      `nothing is done: STS does not say whose credentials these are: ${reasonOf(cause)}`,
      { cause },
    );
  }
}

/** Of others the table of what operators say takes nothing, even of administrators. */
function notAnOperator(cause: unknown): UsageError {
  return new UsageError(
    `${reasonOf(cause)}: use the credentials of the role IamDriftRemediatorOperator, which may do this (docs/runbook.md)`,
    { cause },
  );
}

function notInstalled(region: string, cause: unknown): UsageError {
  return new UsageError(
    `there is no installation in ${region}, in the account of these credentials: say which region with AWS_REGION, or ` +
      'speak to a file with --ledger',
    { cause },
  );
}

function endpoint({ env }: Io, service: string): { readonly endpoint?: string } {
  const own = env[`AWS_ENDPOINT_URL_${service}`] ?? env['AWS_ENDPOINT_URL'];
  return own === undefined ? {} : { endpoint: own };
}
