import * as z from 'zod/mini';

import type { Preset } from '../../shared/presets/define.ts';

const texts = z.union([z.string(), z.array(z.string())]);
const trust = z.object({
  Statement: z.array(z.object({ Principal: z.record(z.string(), texts), Action: texts })),
});
const requirement = z.union([z.string(), z.object({ oneOf: z.array(z.string()) })]);
const expansion = z.object({
  trustPolicy: trust,
  managedPolicies: z.optional(z.object({ attached: z.array(requirement) })),
});

/** The catalogue as a table in Markdown: what each preset's example declares. */
export function catalogueTable(presets: readonly Preset[]): string {
  return [
    '| preset | trusts | to do | managed policies | parameters |',
    '|---|---|---|---|---|',
    ...presets.map((preset) => `| ${row(preset).join(' | ')} |`),
  ].join('\n');
}

/** What presets say of themselves, as a list in Markdown. */
export function notes(presets: readonly Preset[]): string {
  return presets
    .flatMap(({ name, note }) => (note === undefined ? [] : [`- \`${name}\`: ${note}`]))
    .join('\n');
}

function row(preset: Preset): readonly string[] {
  const { trustPolicy, managedPolicies } = z.parse(expansion, preset.expand(preset.example.params ?? {}));
  const [statement] = trustPolicy.Statement;
  return [
    `[\`${preset.name}\`](${preset.source})<br>${preset.title}`,
    Object.values(statement?.Principal ?? {})
      .flat()
      .map(principal)
      .join('<br>'),
    [statement?.Action ?? []].flat().map(code).join('<br>'),
    managedPolicies?.attached.map(policies).join('<br>') ?? '',
    parameters(preset).join('<br>'),
  ];
}

const code = (text: string) => `\`${text}\``;
const nameOf = (arn: string) => code(arn.slice(arn.indexOf(':policy/') + ':policy/'.length));

/** A service by its principal, an identity provider by its issuer. */
function principal(text: string): string {
  return code(text.replace(/^.*:oidc-provider\//, ''));
}

function policies(required: z.infer<typeof requirement>): string {
  return typeof required === 'string' ? nameOf(required) : `one of ${required.oneOf.map(nameOf).join(', ')}`;
}

function parameters(preset: Preset): readonly string[] {
  const { properties = {}, required = [] } = z.toJSONSchema(preset.params, {
    io: 'input',
    unrepresentable: 'any',
  });
  return Object.keys(properties).map((name) =>
    required.includes(name) ? `${code(name)} (required)` : code(name),
  );
}
