import { aspects } from '../aspects/index.ts';
import type { Grace, Json } from '../model.ts';
import { presets } from '../presets/index.ts';
import { agreementFaults } from './agreement-faults.ts';
import { arnFaults } from './arn-faults.ts';
import { claimFaults } from './claim-faults.ts';
import { expandRole } from './expand-role.ts';
import { textsIn } from './json-texts.ts';
import { looseSpec, type Settings } from './loose-spec.ts';
import { recreationFaults, recreationOf } from './recreation.ts';
import { roleNameFaults } from './role-name-faults.ts';
import { frameSchemas, type SpecParts } from './schema.ts';
import { schemaFaults } from './schema-faults.ts';
import { specDigest } from './spec-digest.ts';
import { FaultList, type SpecFault } from './spec-fault.ts';
import type { RoleDeclaration, Spec } from './spec.ts';
import { variableFaults } from './variable-faults.ts';
import { readYaml, type SpecSource } from './yaml-source.ts';

export { formatFault, mostFaults, type SpecFault } from './spec-fault.ts';

const parts: SpecParts = { aspects, presets };
const frame = frameSchemas(parts);

/** A spec, or what is wrong with it. */
export interface LoadedSpec {
  /** null if there is any fault. */
  readonly spec: Spec | null;
  /** All of them, in the order of the file; of a hopeless file the first thousand. */
  readonly faults: readonly SpecFault[];
}

/**
 * Reads and checks a spec. Pure, and never throws: whatever the text is, it gives a spec or faults, in bounded time.
 * `file` is only for messages.
 */
export function loadSpec(text: string, file: string): LoadedSpec {
  const source = readYaml(text);
  const faults = new FaultList(file, source);
  for (const fault of source.faults) faults.addAt(fault);
  const roles = source.data === undefined ? [] : checkSpec(source.data, source, faults);
  faults.addUnlessTold(claimFaults(roles, aspects));
  faults.addUnlessTold(agreementFaults(roles, aspects));
  const found = faults.inOrder();
  if (found.length > 0) return { spec: null, faults: found };
  return { spec: { version: specDigest(roles), file, roles }, faults: [] };
}

function checkSpec(data: Json, source: SpecSource, faults: FaultList): readonly RoleDeclaration[] {
  faults.addUnlessTold(schemaFaults(frame.file, data, []));
  const { defaults, roles } = looseSpec(data);
  faults.addUnlessTold(
    roleNameFaults(roles.flatMap(({ name, path }, index) => (name === null ? [] : [{ index, name, path }]))),
  );
  return roles.flatMap((entry, index) => {
    // A fault can cost a search for what was meant, and nobody reads those past the last that is kept.
    if (faults.isFull) return [];
    const at = ['roles', index];
    faults.addUnlessTold(schemaFaults(frame.role, entry.raw, at));
    const texts = textsIn(entry.members, at);
    for (const text of texts) faults.add(variableFaults(text));
    faults.addUnlessTold(arnFaults(texts));
    const { mode, aspects: declared, faults: ownFaults } = expandRole(entry, at, defaults, parts);
    faults.addUnlessTold(ownFaults);
    const { line } = source.positionOf(source.locate(at, false).offset);
    const grace = graceOf(entry, defaults);
    const recreation = recreationOf(entry, defaults);
    if (recreation !== null) faults.addUnlessTold(recreationFaults(entry, declared, at));
    return [
      {
        name: entry.name ?? '',
        path: entry.path,
        mode,
        aspects: declared,
        ...(grace && { grace }),
        ...(recreation && { recreation }),
        line,
      },
    ];
  });
}

// The time in which a pipeline that changes both the role and this spec comes to its second step.
const GRACE_MINUTES = 10;

function graceOf(entry: Settings, defaults: Settings): Grace | null {
  const deployers = entry.deployers ?? defaults.deployers ?? [];
  const minutes = entry.graceMinutes ?? defaults.graceMinutes ?? GRACE_MINUTES;
  return deployers.length === 0 ? null : { deployers, minutes };
}
