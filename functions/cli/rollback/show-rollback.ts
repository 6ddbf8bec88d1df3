import type { AdmittedChange, AppliedChange, Change, Json } from '../../../shared/model.ts';
import { timeInWords } from '../../../shared/notifications/time-in-words.ts';
import type { Exemption } from '../../../shared/ports/controls.ts';
import type { Incident } from '../../../shared/ports/ledger.ts';
import type { RollBack, RolledBack } from '../../../shared/reconciler/roll-back.ts';
import { accessLines } from '../access-lines.ts';
import type { Output } from '../io.ts';
import { bold, dim, green, red, type Span, yellow } from '../terminal.ts';
import { wrap } from '../wrap.ts';

interface ShownChange {
  readonly path: string;
  readonly action: string;
  readonly summary: string;
  readonly expected: Json;
  readonly actual: Json;
  readonly outcome: AppliedChange['outcome'] | 'planned';
  /** Why it was, or would be, held, or what IAM said. */
  readonly reason: string | null;
}

/** What `--json` prints. */
export function rollbackReport(
  { incidentId, role }: Incident,
  plan: RollBack,
  done: RolledBack | null,
  exemption: Exemption | null,
) {
  return {
    incidentId,
    role,
    applied: done !== null,
    verified: done?.verified ?? null,
    changes: changesOf(plan, done),
    access: (done ?? plan).access,
    cannotPutBack: plan.cannotPutBack,
    left: done?.left ?? [],
    exemption,
  };
}

export function showRollback(
  output: Output,
  incident: Incident,
  plan: RollBack,
  done: RolledBack | null,
  exemption: Exemption | null,
): void {
  const say = (first: readonly Span[], ...texts: readonly Span[]) => {
    for (const line of wrap(first, texts, output.columns)) output.line(...line);
  };
  output.line(
    bold(incident.role.roleName),
    `: what was there at ${timeInWords(incident.openedAt)}, as if it were declared`,
  );
  const changes = changesOf(plan, done);
  if (changes.length + plan.cannotPutBack.length === 0) say([green('= ')], 'it is so already');
  for (const change of changes)
    say([markOf(change)], change.summary, change.reason === null ? '' : `: ${change.reason}`);
  const { access } = done ?? plan;
  if (access.gained.length + access.lost.length > 0) output.line(dim('  By that:'));
  for (const line of accessLines(access, '  ', output.columns)) output.line(...line);
  for (const name of plan.cannotPutBack) say([yellow('! ')], `${name} cannot be put back as it was`);
  for (const path of done?.left ?? [])
    if (!plan.cannotPutBack.includes(path)) say([yellow('! ')], `still not as it was: ${path}`);
  if (done?.verified === false)
    say([red('? ')], 'a second read does not show all of it yet: run the command again in some seconds');
  if (exemption !== null)
    say([green('✓ ')], `the role is left as it is until ${timeInWords(exemption.until)}`);
  else output.line(dim('Nothing was changed. Do it with --apply.'));
}

function changesOf({ admitted }: RollBack, done: RolledBack | null): readonly ShownChange[] {
  return done === null ? admitted.map(asPlanned) : done.applied.map(asDone);
}

function asPlanned({ change, verdict }: AdmittedChange): ShownChange {
  return verdict.decision === 'hold'
    ? { ...shown(change), outcome: 'held', reason: verdict.reason }
    : { ...shown(change), outcome: 'planned', reason: null };
}

function asDone({ change, outcome, reason, error }: AppliedChange): ShownChange {
  return { ...shown(change), outcome, reason: error ?? reason };
}

function shown({ action, summary, difference: { path, expected, actual } }: Change) {
  return { path, action, summary, expected, actual };
}

function markOf({ outcome }: ShownChange): Span {
  if (outcome === 'failed') return red('✗ ');
  if (outcome === 'held') return yellow('! ');
  return outcome === 'planned' ? yellow('→ ') : green('✓ ');
}
