import { stringify } from 'yaml';

import type { Preset } from './define.ts';

/** A whole spec in YAML that declares the preset's example role; valid as it stands. */
export function presetExample({ name, example }: Preset): string {
  const preset = example.params === undefined ? name : { name, params: example.params };
  return stringify({ version: 1, roles: [{ name: example.roleName, preset }] }, { lineWidth: 0 });
}
