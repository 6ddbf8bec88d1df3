import { defineCommand } from '../command.ts';
import type { Output } from '../io.ts';
import type { Revocation } from '../revoke-sessions/revocation.ts';
import { roleArgument } from '../role-argument.ts';
import { bold, dim, green, red, yellow } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { wrap } from '../wrap.ts';

/** Ends the sessions of a role that were opened while it stood open: a revert does not. */
export const revokeSessions = defineCommand({
  name: 'revoke-sessions',
  usage: 'ROLE --before TIME [--apply]',
  details: [
    'Puts the inline policy AWSRevokeOlderSessions, as the IAM console does: it denies everything to sessions issued before ' +
      "TIME, those of the role's own workloads too, until they have new credentials. Without --apply it only says whom " +
      'that would cut off.',
    "The environment's AWS credentials are used; they need iam:GetRole, iam:GetRolePolicy, " +
      'iam:ListInstanceProfilesForRole and, with --apply, iam:PutRolePolicy. iam-drift leaves the policy alone: delete ' +
      'it when the longest session is over, twelve hours at most.',
  ],
  options: {
    before: { value: 'TIME', summary: 'such as 2026-03-02T10:00:00Z, or now' },
    apply: { summary: 'do it' },
  },
  positionals: { min: 1, max: 1 },
  examples: [
    'iam-drift revoke-sessions eksNodeRole --before 2026-03-02T10:00:00Z',
    'iam-drift revoke-sessions eksNodeRole --before now --apply',
  ],
  run: async (io, args) => {
    const [typed = ''] = args.positionals;
    const { roleName } = roleArgument(typed);
    const before = moment(args.text('before'));
    // Loaded here: the help of all commands need not wait for the AWS SDK.
    const { IAMClient } = await import('@aws-sdk/client-iam');
    const { applyRevocation, planRevocation } = await import('../revoke-sessions/revocation.ts');
    const endpoint = io.env['AWS_ENDPOINT_URL_IAM'];
    const iam = new IAMClient({
      region: io.env['AWS_REGION'] ?? io.env['AWS_DEFAULT_REGION'] ?? 'us-east-1',
      ...(endpoint === undefined ? {} : { endpoint }),
    });
    try {
      const revocation = await planRevocation(iam, roleName, before);
      mustBeTheRoleOf(typed, revocation);
      const apply = args.flag('apply') && !revocation.alreadyInPlace;
      const verified = apply ? await applyRevocation(iam, roleName, revocation) : null;
      if (args.flag('json')) io.stdout.json({ ...revocation, applied: apply, verified });
      else show(io.stdout, revocation, verified);
      return verified === false ? 1 : 0;
    } finally {
      iam.destroy();
    }
  },
});

/**
 * IAM is asked by the name alone, and answers from the account of the credentials.
 * @throws {UsageError} where an ARN was given, and the role that was found has another.
 */
function mustBeTheRoleOf(role: string, { roleArn }: Revocation): void {
  // Names ignore case.
  if (role.startsWith('arn:') && role.toLowerCase() !== roleArn.toLowerCase())
    throw new UsageError(
      `revoke-sessions: the role that these credentials reach, ${roleArn}, is not ${role}: use credentials of its account, and its ARN as IAM has it`,
    );
}

/** @throws {UsageError} for anything but a time that is past. */
function moment(text: string | null): Date {
  const now = new Date();
  if (text === 'now') return now;
  // With a time zone: nobody should guess whose clock is meant.
  const wellFormed =
    text !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const time = new Date(wellFormed ? text : Number.NaN);
  if (Number.isNaN(time.getTime()))
    throw new UsageError(
      `revoke-sessions: --before ${text ?? 'is missing'}: write a time with its zone, such as 2026-03-02T10:00:00Z, or now`,
    );
  if (!isInCalendar(text ?? ''))
    throw new UsageError(`revoke-sessions: --before ${text}: there is no such time`);
  if (time > now)
    throw new UsageError(
      `revoke-sessions: --before ${text} is to come: new sessions would be refused until then; write now`,
    );
  return time;
}

/** A day that a month does not have is taken for one of the next. */
function isInCalendar(text: string): boolean {
  const toTheMinute = text.slice(0, 'YYYY-MM-DDThh:mm'.length);
  return new Date(`${toTheMinute}Z`).toISOString().startsWith(toTheMinute);
}

function show(output: Output, revocation: Revocation, verified: boolean | null): void {
  const { roleArn, before, alreadyInPlace, mayAssume, instanceProfiles, lastUsed } = revocation;
  const say = (...texts: readonly string[]) => {
    for (const line of wrap(['  '], texts, output.columns)) output.line(...line);
  };
  output.line(bold(roleArn));
  if (alreadyInPlace) {
    output.line(green('= '), `sessions issued before ${before} are refused already`);
    return;
  }
  const mark = verified === null ? yellow('→ ') : verified ? green('✓ ') : red('? ');
  const cutOff = `${verified === null ? 'would cut off' : 'cut off'}: every session issued before ${before}, whoever opened it`;
  for (const line of wrap([mark], [cutOff], output.columns)) output.line(...line);
  say(
    lastUsed === null
      ? 'IAM knows of no use of the role in the last 400 days.'
      : `Last used ${lastUsed.time}${lastUsed.region === null ? '' : ` in ${lastUsed.region}`}.`,
  );
  if (instanceProfiles.length > 0)
    say(`Instances with ${instanceProfiles.join(', ')} lose access until they are given new credentials.`);
  say(
    mayAssume.length === 0
      ? 'Nobody may open a new session: the trust policy allows nobody.'
      : 'New sessions may be opened at once by those whom the trust policy allows now; make sure that this is right:',
  );
  for (const { text } of mayAssume)
    for (const line of wrap(['  - '], [text.replace(' can now ', ' can ')], output.columns))
      output.line(...line);
  if (verified === null) output.line(dim('Nothing was changed. Do it with --apply.'));
  if (verified === false)
    output.line(
      red('A second read does not show the policy yet. '),
      'Run the command again in some seconds.',
    );
}
