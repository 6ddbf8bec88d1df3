import * as z from 'zod/mini';

import type { Aspect } from '../aspects/define.ts';
import type { DeclarationFault } from '../aspects/definition.ts';
import type { DesiredAspect, Json, JsonObject, Mode } from '../model.ts';
import type { Preset } from '../presets/define.ts';
import { suggest } from './did-you-mean.ts';
import type { Modes, RoleEntry } from './loose-spec.ts';
import type { SpecParts } from './schema.ts';
import { schemaFaults } from './schema-faults.ts';
import { type FaultDraft, quote } from './spec-fault.ts';
import { resolveVariables } from './variables.ts';

interface ExpandedRole {
  readonly mode: Mode;
  readonly aspects: Readonly<Record<string, DesiredAspect>>;
  readonly faults: readonly FaultDraft[];
}

/** A role with its preset expanded and its modes settled; the nearest mode wins, unsaid means detect. */
export function expandRole(
  entry: RoleEntry,
  at: FaultDraft['path'],
  defaults: Modes,
  parts: SpecParts,
): ExpandedRole {
  const preset = expandPreset(entry.members['preset'], [...at, 'preset'], parts.presets);
  const declared = parts.aspects.map((aspect) => ({
    aspect: aspect.name,
    ...declareAspect(aspect, entry.members[aspect.name], preset.aspects[aspect.name], at),
  }));
  const values = declared.flatMap(({ aspect, declared: value }): [string, Json][] =>
    value === undefined ? [] : [[aspect, value]],
  );
  return {
    mode: entry.mode ?? defaults.mode ?? 'detect',
    aspects: Object.fromEntries(
      [...values, ...implied(Object.fromEntries(values), parts.aspects)].map(
        ([aspect, value]): [string, DesiredAspect] => [
          aspect,
          { mode: modeOf(aspect, entry, defaults), declared: value },
        ],
      ),
    ),
    faults: [preset, ...declared].flatMap(({ faults }) => faults),
  };
}

function implied(
  declared: Readonly<Record<string, Json>>,
  aspects: readonly Aspect[],
): readonly (readonly [string, Json])[] {
  return aspects
    .filter(({ name }) => declared[name] === undefined)
    .flatMap((aspect) => {
      const value = aspect.implied(declared);
      return value === null ? [] : [[aspect.name, value] as const];
    });
}

function modeOf(aspect: string, entry: Modes, defaults: Modes): Mode {
  return entry.modes.get(aspect) ?? entry.mode ?? defaults.modes.get(aspect) ?? defaults.mode ?? 'detect';
}

function declareAspect(
  aspect: Aspect,
  own: Json | undefined,
  fromPreset: Json | undefined,
  at: FaultDraft['path'],
): { readonly declared?: Json; readonly faults: readonly FaultDraft[] } {
  const path = [...at, aspect.name];
  if (own === undefined && fromPreset === undefined) return { faults: [] };
  if (own !== undefined) {
    const faults = schemaFaults(aspect.schema, own, path);
    if (faults.length > 0) return { faults };
  }
  const declared = merge(aspect, own, fromPreset);
  return {
    declared,
    faults: aspectFaults(aspect, declared).map((fault) => ({
      ...fault,
      path: own === undefined ? [...at, 'preset'] : [...path, ...fault.path],
    })),
  };
}

// One ARN may be written with a variable and without, and would be required and forbidden in two spellings.
// Such faults show once the variables are resolved; those that show before are told in the user's own words.
function aspectFaults(aspect: Aspect, declared: Json): readonly DeclarationFault[] {
  const asWritten = aspect.faults(declared);
  const partition = literalPartition.exec(JSON.stringify(declared))?.[1];
  if (partition === undefined) return asWritten;
  const resolved = aspect.faults(resolveVariables(declared, { accountId: ACCOUNT_ID, partition }));
  const told = new Set(asWritten.map(({ path }) => JSON.stringify(path)));
  return [...asWritten, ...resolved.filter(({ path }) => !told.has(JSON.stringify(path)))];
}

const literalPartition = /"arn:(aws[a-z-]*):/;
const ACCOUNT_ID = '123456789012';

function merge(aspect: Aspect, own: Json | undefined, fromPreset: Json | undefined): Json {
  if (own === undefined) return aspect.normalise(fromPreset ?? null);
  const ours = aspect.normalise(own);
  return fromPreset === undefined ? ours : aspect.merge(fromPreset, ours);
}

const presetReference = z.union([
  z.string(),
  z.strictObject({ name: z.string(), params: z.exactOptional(z.record(z.string(), z.unknown())) }),
]);

interface ExpandedPreset {
  readonly aspects: JsonObject;
  readonly faults: readonly FaultDraft[];
}

function expandPreset(
  value: Json | undefined,
  at: FaultDraft['path'],
  presets: readonly Preset[],
): ExpandedPreset {
  if (value === undefined) return { aspects: {}, faults: [] };
  const frameFaults = schemaFaults(presetReference, value, at);
  if (frameFaults.length > 0) return { aspects: {}, faults: frameFaults };
  const reference = z.parse(presetReference, value);
  const [name, nameAt] = typeof reference === 'string' ? [reference, at] : [reference.name, [...at, 'name']];
  const params = typeof reference === 'string' ? {} : (reference.params ?? {});
  const preset = presets.find((candidate) => candidate.name === name);
  if (preset === undefined)
    return {
      aspects: {},
      faults: [
        {
          path: nameAt,
          message: `unknown preset ${quote(name)}`,
          remedy: suggest(
            name,
            presets.map((known) => known.name),
          ),
        },
      ],
    };
  const faults = schemaFaults(preset.params, params, [...at, 'params']);
  return faults.length > 0 ? { aspects: {}, faults } : { aspects: preset.expand(params), faults: [] };
}
