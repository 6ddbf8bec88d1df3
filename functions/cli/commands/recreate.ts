import type { RecreationRecipe } from '../../../shared/model.ts';
import { operatorCommand } from '../../../shared/operator-command.ts';
import type { Incident } from '../../../shared/ports/ledger.ts';
import { noTemplate } from '../../../shared/reconciler/creation-template.ts';
import { desiredRole } from '../../../shared/spec/desired-role.ts';
import { type Args, defineCommand } from '../command.ts';
import type { Io } from '../io.ts';
import { installationOptions, askInstallation } from '../operator/installation.ts';
import { type RoleArgument, roleArgument } from '../role-argument.ts';
import { readSpec } from '../spec-file.ts';
import { yellow } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

const defaultSpec = 'infra/spec/roles.yaml';

const options = {
  incident: { value: 'ID', summary: 'as the ledger has it: of a deletion, as it was declared and last seen' },
  ...installationOptions,
  'account-id': { value: 'ID', summary: "the role's account, twelve digits" },
  partition: { value: 'NAME', summary: 'aws unless said; aws-cn, aws-us-gov' },
  cloudformation: { summary: 'a CloudFormation template instead of a script; --json prints both' },
  spec: { value: 'FILE', summary: `the spec; "-" for stdin; default ${defaultSpec}` },
} as const;

/** What makes a deleted role again: the product itself creates none that the spec does not say to. */
export const recreate = defineCommand({
  name: 'recreate',
  usage: 'ROLE (--account-id ID | --incident ID) [--cloudformation] [--spec FILE]',
  details: [
    'Nothing is changed: run the script with your own credentials, or better, have the tool create the role that created ' +
      'it before. The new role waits for "iam-drift approve" before access is given to it.',
    'With --account-id the role is made as it is declared, and nothing is read from AWS. With --incident, of which ' +
      '"iam-drift history" tells, where the incident is its deletion, it is made as it was declared then, and otherwise as it was ' +
      'last seen in sync; of any other incident, as that found it: with what was attached and not declared, and with a backdoor, if that is what it was about.',
  ],
  options,
  positionals: { min: 1, max: 1 },
  examples: [
    'iam-drift recreate eksNodeRole --account-id 111122223333 > recreate.sh',
    'iam-drift recreate eksNodeRole --incident 111122223333/eksNodeRole/3T0V5N8Q2W --cloudformation',
  ],
  run: async (io, args) => {
    const [typed = ''] = args.positionals;
    const named = roleArgument(typed);
    const incident = await incidentOf(io, args, named);
    const recipe = recipeIn(incident) ?? (await recipeOf(io, args, named, incident));
    if (args.flag('json')) io.stdout.json(recipe);
    else
      for (const line of wanted(recipe, args.flag('cloudformation')).trimEnd().split('\n'))
        io.stdout.line(line);
    if (recipe.cloudFormation === null)
      io.stderr.line(yellow('! '), `There is no CloudFormation template: ${noTemplate}`);
    const { roleName } = named;
    io.stderr.line(
      yellow('! '),
      `The new ${roleName} will have another unique id: save policies elsewhere that name it once more, and approve it: ${operatorCommand('approve', { roleName })}`,
    );
    return 0;
  },
});

function wanted({ script, cloudFormation }: RecreationRecipe, asTemplate: boolean): string {
  if (!asTemplate) return script;
  if (cloudFormation !== null) return cloudFormation;
  throw new UsageError(
    `recreate: there is no CloudFormation template: ${noTemplate}; for the script leave out --cloudformation`,
  );
}

async function incidentOf(
  io: Io,
  args: Args<keyof typeof options>,
  { roleName, accountId }: RoleArgument,
): Promise<Incident | null> {
  const incidentId = args.text('incident');
  if (incidentId === null) return null;
  const incident = await askInstallation(io, args, async ({ ledger }) => ledger.get(incidentId));
  const isOf = incident?.role.roleName.toLowerCase() === roleName.toLowerCase();
  if (!isOf || (accountId !== null && accountId !== incident.role.accountId))
    throw new UsageError(
      `recreate: the ledger holds no incident ${incidentId} of ${roleName}; those that it holds: ${operatorCommand('history')}`,
    );
  return incident;
}

/** The latest that a look at the deleted role has left in the ledger; later looks may have found another role there. */
function recipeIn(incident: Incident | null): RecreationRecipe | null {
  return incident?.results.findLast((result) => result.recreate !== undefined)?.recreate ?? null;
}

/** As the incident found it, as far as it tells; else as it is declared. */
async function recipeOf(
  io: Io,
  args: Args<keyof typeof options>,
  named: RoleArgument,
  incident: Incident | null,
): Promise<RecreationRecipe> {
  const { roleName } = named;
  const accountId = incident?.role.accountId ?? accountFrom(args.text('account-id'), named);
  const partition = incident?.role.partition ?? args.text('partition') ?? named.partition ?? 'aws';
  if (!/^aws[a-z-]*$/.test(partition))
    throw new UsageError(`recreate: --partition "${partition}": write aws, aws-cn or aws-us-gov`);
  const file = args.text('spec') ?? defaultSpec;
  const spec = await readSpec(io, file, file === '-' ? 'stdin' : file);
  const declared = desiredRole(spec, { accountId, partition, roleName });
  if (declared === null) throw new UsageError(`recreate: ${file} declares no role ${roleName}`);
  // Loaded here: the help of all commands need not wait for the AWS SDK.
  const { asObserved } = await import('../../../shared/aspects/as-observed.ts');
  const { recreationRecipe } = await import('../../../shared/reconciler/recreation-recipe.ts');
  const found = incident === null ? {} : asObserved(incident.before, incident.role);
  const recipe = recreationRecipe({ ...declared, aspects: { ...declared.aspects, ...found } }, null);
  if (recipe === null)
    throw new UsageError(
      `recreate: ${file} declares no trust policy of ${roleName}, and IAM creates no role without one: use --incident with an incident that found it; to find it: ${operatorCommand('history', { roleName })}`,
    );
  return recipe;
}

/** @throws {UsageError} where nobody says which account it is, or two are said. */
function accountFrom(option: string | null, { roleName, accountId }: RoleArgument): string {
  if (option !== null && accountId !== null && option !== accountId)
    throw new UsageError(
      `recreate: ${roleName} is in account ${accountId} by its ARN, and --account-id is ${option}`,
    );
  const found = option ?? accountId ?? '';
  if (/^\d{12}$/.test(found)) return found;
  throw new UsageError('recreate: say which account the role is in: --account-id 111122223333');
}
