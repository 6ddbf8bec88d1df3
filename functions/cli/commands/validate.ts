import { loadSpec } from '../../../shared/spec/load-spec.ts';
import { defineCommand } from '../command.ts';
import type { Output } from '../io.ts';
import { showFaults } from '../spec-faults.ts';
import { defaultSpecFile, readSpecText } from '../spec-file.ts';
import { bold, green } from '../terminal.ts';

/** Tells every fault of a spec. Like all faults they go to stderr; with `--json` stdout holds them as well. */
export const validate = defineCommand({
  name: 'validate',
  usage: '[FILE | --spec FILE]',
  options: {
    spec: { value: 'FILE', summary: `the spec; "-" for stdin; default ${defaultSpecFile}` },
  },
  positionals: { min: 0, max: 1 },
  examples: ['iam-drift validate --spec infra/spec/roles.yaml'],
  run: async (io, args) => {
    const file = args.text('spec') ?? args.positionals[0] ?? defaultSpecFile;
    const text = await readSpecText(io, file);
    const { spec, faults } = loadSpec(text, file === '-' ? 'stdin' : file);
    const roles = spec?.roles.length ?? 0;
    if (args.flag('json')) io.stdout.json({ valid: spec !== null, faults, roles });
    showFaults(io.stderr, text, faults);
    if (spec !== null && !args.flag('json')) showValid(io.stdout, spec.file, roles);
    return spec === null ? 1 : 0;
  },
});

function showValid(output: Output, file: string, roles: number): void {
  output.line(green('✓ '), bold(file), ` is valid: ${roles} ${roles === 1 ? 'role' : 'roles'}`);
}
