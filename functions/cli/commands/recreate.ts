import { defineCommand } from '../command.ts';
import { readSpec } from '../spec-file.ts';
import { yellow } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

const defaultSpec = 'infra/spec/roles.yaml';

/** What makes a deleted role again: the product itself does not create roles. */
export const recreate = defineCommand({
  name: 'recreate',
  summary: 'print what makes a deleted role again: a shell script, or a CloudFormation template',
  usage: 'ROLE --account-id ID [--cloudformation] [--spec FILE]',
  details: [
    'Made from the declaration, by the code that puts roles back. Nothing is read from AWS, and nothing is changed: run ' +
      'the script with your own credentials, or better, have the tool create the role that created it before.',
  ],
  options: {
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
    const accountId = args.text('account-id') ?? '';
    if (!/^\d{12}$/.test(accountId))
      throw new UsageError('recreate: say which account the role is in: --account-id 111122223333');
    const partition = args.text('partition') ?? 'aws';
    if (!/^aws[a-z-]*$/.test(partition))
      throw new UsageError(`recreate: --partition "${partition}": write aws, aws-cn or aws-us-gov`);
    const file = args.text('spec') ?? defaultSpec;
    const spec = await readSpec(io, file, file === '-' ? 'stdin' : file);
    // Loaded here: the help of all commands need not wait for the AWS SDK.
    const { declaredRole } = await import('../recreate/declared-role.ts');
    const { recreationTemplate } = await import('../recreate/cloudformation.ts');
    const { recreationScript } = await import('../recreate/script.ts');
    const declared = await declaredRole(spec, { accountId, partition, typedName });
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
