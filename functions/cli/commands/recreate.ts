import type { Incident } from '../../../shared/ports/ledger.ts';
import { type Args, defineCommand } from '../command.ts';
import type { Io } from '../io.ts';
import { installationOptions, withInstallation } from '../operator/installation.ts';
import { readSpec } from '../spec-file.ts';
import { yellow } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

const defaultSpec = 'infra/spec/roles.yaml';

/** What makes a deleted role again: the product itself does not create roles. */
export const recreate = defineCommand({
  name: 'recreate',
  summary: 'print what makes a deleted role again: a shell script, or a CloudFormation template',
  usage: 'ROLE (--account-id ID | --incident ID) [--cloudformation] [--spec FILE]',
  details: [
    'Made from the declaration, by the code that puts roles back. Nothing is read from AWS, and nothing is changed: run ' +
      'the script with your own credentials, or better, have the tool create the role that created it before.',
    'With --incident the role is made as that incident found it, of which "iam-drift history" tells: with what was attached ' +
      'and not declared, and with a backdoor, if that is what the incident was about.',
  ],
  options: {
    incident: { value: 'ID', summary: 'as that incident found the role; from the ledger' },
    ...installationOptions,
    'account-id': { value: 'ID', summary: "the role's account, twelve digits" },
    partition: { value: 'NAME', summary: 'aws unless said; aws-cn, aws-us-gov' },
    cloudformation: { summary: 'a CloudFormation template instead of a script; --json prints both' },
    spec: { value: 'FILE', summary: `the spec; "-" for stdin; default ${defaultSpec}` },
  },
  positionals: { min: 1, max: 1 },
  examples: [
    'iam-drift recreate eksNodeRole --account-id 111122223333 > recreate.sh',
    'iam-drift recreate eksNodeRole --account-id 111122223333 --cloudformation',
  ],
  run: async (io, args) => {
    const [typedName = ''] = args.positionals;
    const incident = await incidentOf(io, args, typedName);
    const accountId = incident?.role.accountId ?? args.text('account-id') ?? '';
    if (!/^\d{12}$/.test(accountId))
      throw new UsageError('recreate: say which account the role is in: --account-id 111122223333');
    const partition = incident?.role.partition ?? args.text('partition') ?? 'aws';
    if (!/^aws[a-z-]*$/.test(partition))
      throw new UsageError(`recreate: --partition "${partition}": write aws, aws-cn or aws-us-gov`);
    const file = args.text('spec') ?? defaultSpec;
    const spec = await readSpec(io, file, file === '-' ? 'stdin' : file);
    // Loaded here: the help of all commands need not wait for the AWS SDK.
    const { declaredRole } = await import('../recreate/declared-role.ts');
    const { recreationTemplate } = await import('../recreate/cloudformation.ts');
    const { recreationScript } = await import('../recreate/script.ts');
    const { asItWas } = await import('../recreate/as-it-was.ts');
    const wanted = incident === null ? spec : asItWas(spec, incident);
    const declared = await declaredRole(wanted, { accountId, partition, typedName });
    const script = recreationScript(declared);
    const template = recreationTemplate(declared);
    if (args.flag('json')) io.stdout.json({ script, cloudFormation: template });
    else if (args.flag('cloudformation')) io.stdout.json(template, 2);
    else for (const line of script.trimEnd().split('\n')) io.stdout.line(line);
    io.stderr.line(
      yellow('! '),
      `The new ${declared.role.roleName} will have another unique id: save policies elsewhere that name it once more`,
    );
    return 0;
  },
});

async function incidentOf(
  io: Io,
  args: Args<'incident' | keyof typeof installationOptions>,
  roleName: string,
): Promise<Incident | null> {
  const incidentId = args.text('incident');
  if (incidentId === null) return null;
  const incident = await withInstallation(io, args, async ({ ledger }) => ledger.get(incidentId));
  if (incident?.role.roleName.toLowerCase() !== roleName.toLowerCase())
    throw new UsageError(
      `recreate: the ledger holds no incident ${incidentId} of ${roleName}: see iam-drift history`,
    );
  return incident;
}
