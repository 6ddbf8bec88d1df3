import { describe, expect, it } from 'vitest';

import type { AppliedChange } from '../../shared/model.ts';
import type { Revert } from '../../shared/ports/role-state.ts';
import { alreadyInPlace, unsent } from '../../shared/reconciler/applied-change.ts';
import { withReverts } from '../../shared/reconciler/reverts.ts';
import { aPlannedChange } from '../support/planned-change.ts';

const at = '2026-03-02T10:00:00.000Z';
const applied = (...paths: readonly string[]): readonly AppliedChange[] =>
  paths.map((path) => ({ ...unsent(aPlannedChange(path)), outcome: 'applied' }));

/** The reverts of so many looks, at so many paths each. */
function afterLooks(looks: number, paths: number): readonly Revert[] {
  const changed = applied(...Array.from({ length: paths }, (_, index) => `tags[${index}]`));
  return Array.from({ length: looks }, (_, look) => String(look)).reduce<readonly Revert[]>(
    (known, id) => withReverts(known, changed, { id, at }),
    [],
  );
}

describe('the reverts that are remembered', () => {
  it('are those that were made, not what was so already or is held', () => {
    const looked = [
      ...applied('made'),
      alreadyInPlace(aPlannedChange('there')),
      unsent(aPlannedChange('held')),
    ];
    expect(withReverts([], looked, { id: 'e', at })).toEqual([
      { id: 'e', at, path: 'made', effect: 'restores' },
    ]);
  });

  it('count once what the same event has had put back before', () => {
    const first = withReverts([], applied('a', 'b'), { id: 'e', at: '2026-03-02T09:00:00.000Z' });
    expect(withReverts(first, applied('b'), { id: 'e', at })).toMatchObject([
      { path: 'a', at: '2026-03-02T09:00:00.000Z' },
      { path: 'b', at },
    ]);
    expect(withReverts(first, applied('b'), { id: 'f', at })).toHaveLength(3);
  });

  it('are bounded: some hundreds, of the latest looks', () => {
    const reverts = afterLooks(40, 50);
    expect(new Set(reverts.map(({ id }) => id))).toEqual(
      new Set(Array.from({ length: 24 }, (_, index) => String(index + 16))),
    );
    expect(reverts).toHaveLength(24 * 25);
  });
});
