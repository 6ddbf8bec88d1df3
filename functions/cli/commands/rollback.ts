import { awsErrorCode } from '../../../shared/errors.ts';
import type { Exemption } from '../../../shared/ports/controls.ts';
import type { Incident } from '../../../shared/ports/ledger.ts';
import { operatorCommand } from '../../../shared/operator-command.ts';
import type { RollBack, RolledBack } from '../../../shared/reconciler/roll-back.ts';
import { withRemedy } from '../aws-remedy.ts';
import { type Args, defineCommand } from '../command.ts';
import type { ExitCode, Io } from '../io.ts';
import { exemptionLength } from '../operator/exemption-length.ts';
import { type Installation, installationOptions, withInstallation } from '../operator/installation.ts';
import { byOption, operatorName } from '../operator/operator-name.ts';
import { reasonOf } from '../read-input.ts';
import { rollbackReport, showRollback } from '../rollback/show-rollback.ts';
import { UsageError } from '../usage-error.ts';

const options = {
  hold: { value: 'TIME', summary: 'how long the role is then left as it is; 2h unless said' },
  apply: { summary: 'do it' },
  'iam-profile': { value: 'NAME', summary: 'the AWS profile that changes the role' },
  ...byOption,
  ...installationOptions,
} as const;

/** For when the spec was wrong, and what it put back broke something. */
export const rollback = defineCommand({
  name: 'rollback',
  usage: 'INCIDENT [--hold TIME] [--apply]',
  details: [
    'Shows what it would do; with --apply it first exempts the role, so that nobody undoes it, and then does it. INCIDENT is ' +
      'an id of "iam-drift history". What another principal has gained by the drift, it gains again: read the plan.',
    "The environment's AWS credentials find the incident and exempt the role: those of IamDriftRemediatorOperator, and no " +
      'others may. That role may not change IAM: with --iam-profile, name an AWS profile that may. ' +
      'The role itself is read and changed in AWS, with --ledger too.',
  ],
  options,
  positionals: { min: 1, max: 1 },
  examples: [
    'iam-drift rollback 111122223333/eksNodeRole/4S6JX1Q0ZP',
    'iam-drift rollback 111122223333/eksNodeRole/4S6JX1Q0ZP --hold 4h --iam-profile admin --apply',
  ],
  run: async (io, args) => {
    const [incidentId = ''] = args.positionals;
    return withInstallation(io, args, async (installation) => {
      const longest = installation.longestExemptionHours;
      const length = exemptionLength('rollback: --hold', args.text('hold') ?? '2h', longest);
      const incident = await installation.ledger.get(incidentId);
      if (incident === null)
        throw new UsageError(
          `rollback: the ledger holds no incident ${incidentId}; those that it holds: ${operatorCommand('history')}`,
        );
      return rollBackIncident(io, args, incident, { installation, length });
    });
  },
});

async function rollBackIncident(
  io: Io,
  args: Args<keyof typeof options>,
  incident: Incident,
  { installation, length }: { readonly installation: Installation; readonly length: number },
): Promise<ExitCode> {
  // Loaded here: the help of all commands need not wait for the AWS SDK.
  const { liveAccounts } = await import('../replay/live-account.ts');
  const { systemClock } = await import('../../../shared/aws/system-clock.ts');
  const { planRollBack, rollBack } = await import('../../../shared/reconciler/roll-back.ts');
  const accounts = liveAccounts(io, args.text('iam-profile'));
  try {
    const clients = accounts.clientsFor(incident.role.accountId);
    const plan = await planRollBack(incident, clients, systemClock.now()).catch((error: unknown) => {
      throw awsErrorCode(error) === 'AccessDenied' ? mayNot(error) : withRemedy(error);
    });
    const exemption = args.flag('apply')
      ? await hold(installation, incident, { by: await installation.signed(operatorName(io, args)), length })
      : null;
    const done = exemption === null ? null : await rollBack(plan, clients, systemClock);
    if (args.flag('json')) io.stdout.json(rollbackReport(incident, plan, done, exemption));
    else showRollback(io.stdout, incident, plan, done, exemption);
    return exitCode(plan, done);
  } finally {
    await accounts.close();
  }
}

function mayNot(cause: unknown): UsageError {
  return new UsageError(
    `rollback: ${reasonOf(cause)}: with --iam-profile, name an AWS profile that may read and change the role`,
    { cause },
  );
}

/** Before anything is changed: else the change would be reverted. A longer exemption is not cut short. */
async function hold(
  { controls }: Installation,
  { incidentId, role }: Incident,
  { by, length }: { readonly by: string; readonly length: number },
): Promise<Exemption> {
  const now = new Date();
  const until = new Date(now.getTime() + length).toISOString();
  const { exemption: known } = await controls.of(role);
  const exemption = {
    at: now.toISOString(),
    until: known !== null && known.until > until ? known.until : until,
    reason: `rollback of ${incidentId}`,
    by,
  };
  await controls.exempt(role, exemption);
  return exemption;
}

function exitCode({ admitted, cannotPutBack }: RollBack, done: RolledBack | null): ExitCode {
  if (done === null)
    return cannotPutBack.length > 0 || admitted.some(({ verdict }) => verdict.decision === 'hold') ? 2 : 0;
  if (done.verified === false || done.applied.some(({ outcome }) => outcome === 'failed')) return 1;
  return done.left.length + cannotPutBack.length > 0 ? 2 : 0;
}
