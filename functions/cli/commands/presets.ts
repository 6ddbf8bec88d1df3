import { stringify } from 'yaml';
import * as z from 'zod/mini';

import type { Preset } from '../../../shared/presets/define.ts';
import { presets } from '../../../shared/presets/index.ts';
import { defineCommand } from '../command.ts';
import { didYouMean } from '../../../shared/spec/did-you-mean.ts';
import { table } from '../help.ts';
import type { Output } from '../io.ts';
import { bold, cyan, dim } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { wrap } from '../wrap.ts';

/** The catalogue of roles that AWS's guides ask for. */
export const presetsCommand = defineCommand({
  name: 'presets',
  usage: '[NAME]',
  options: {},
  positionals: { min: 0, max: 1 },
  examples: ['iam-drift presets', 'iam-drift presets eks-node'],
  run: async (io, args) => {
    const [name] = args.positionals;
    const chosen = name === undefined ? presets : [presetNamed(name)];
    if (args.flag('json'))
      io.stdout.json(name === undefined ? chosen.map(describe) : describe(presetNamed(name)));
    else if (name === undefined) showList(io.stdout);
    else showPreset(io.stdout, presetNamed(name));
    return 0;
  },
});

function presetNamed(name: string): Preset {
  const found = presets.find((preset) => preset.name === name);
  if (found !== undefined) return found;
  const names = presets.map((preset) => preset.name);
  const meant = didYouMean(name, names);
  throw new UsageError(
    `presets: unknown preset "${name}". ${meant === null ? `Presets: ${names.join(', ')}` : `Did you mean "${meant}"?`}`,
  );
}

function showList(output: Output): void {
  table(
    output,
    presets.map((preset) => [preset.name, preset.title]),
  );
  output.line();
  output.line(dim('What one stands for, and how to write it: iam-drift presets NAME'));
}

/** As JSON: `params` is a JSON Schema, `example` an entry of a spec's `roles`, `declares` what that example stands for. */
function describe(preset: Preset) {
  const { name, title, source } = preset;
  return {
    name,
    title,
    source,
    note: preset.note ?? null,
    params: paramsSchema(preset),
    example: exampleOf(preset),
    declares: expansionOf(preset),
  };
}

function showPreset(output: Output, preset: Preset): void {
  for (const line of wrap([bold(preset.name), '  '], [preset.title], output.columns)) output.line(...line);
  output.line(dim(preset.source));
  if (preset.note !== undefined)
    for (const line of wrap([], [preset.note], output.columns)) output.line(...line);
  const params = paramRows(preset);
  if (params.length > 0) {
    output.line();
    output.line(bold('Parameters'));
    table(output, params);
  }
  output.line();
  output.line(bold('In a spec'));
  showYaml(output, { roles: [exampleOf(preset)] });
  output.line();
  output.line(bold('which stands for'));
  showYaml(output, expansionOf(preset));
}

function exampleOf({ name, example }: Preset) {
  return {
    name: example.roleName,
    preset: example.params === undefined ? name : { name, params: example.params },
  };
}

function expansionOf(preset: Preset) {
  return preset.expand(preset.example.params ?? {});
}

function showYaml(output: Output, value: unknown): void {
  for (const line of stringify(value, { lineWidth: 0 }).trimEnd().split('\n')) output.line('  ', cyan(line));
}

function paramsSchema(preset: Preset) {
  return z.toJSONSchema(preset.params, { io: 'input', unrepresentable: 'any' });
}

function paramRows(preset: Preset): readonly (readonly [string, string])[] {
  const { properties = {}, required = [] } = paramsSchema(preset);
  return Object.entries(properties).map(([name, schema]) => {
    const facts = typeof schema === 'boolean' ? [] : factsOf(schema);
    return [name, [...facts, ...(required.includes(name) ? ['Required.'] : [])].join(' ')];
  });
}

function factsOf({
  description,
  enum: values,
  default: fallback,
}: z.core.JSONSchema.BaseSchema): readonly string[] {
  return [
    ...(description === undefined ? [] : [description]),
    ...(values === undefined ? [] : [`One of ${values.map(String).join(', ')}.`]),
    ...(fallback === undefined ? [] : [`Default ${JSON.stringify(fallback)}.`]),
  ];
}
