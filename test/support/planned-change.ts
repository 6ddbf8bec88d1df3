import type { Change } from '../../shared/model.ts';

/** A missing tag, to be put back. */
export function aPlannedChange(path: string, overrides: Partial<Change> = {}): Change {
  return {
    difference: {
      aspect: 'tags',
      path,
      type: 'REMOVE',
      mode: 'enforce',
      expected: 'x',
      actual: null,
      access: { gained: [], lost: [] },
      leftBySpec: null,
      forbidden: false,
      advice: null,
      severity: null,
    },
    aspect: 'tags',
    action: 'iam:TagRole',
    summary: `tag ${path}`,
    effect: 'restores',
    call: null,
    notOursAlone: null,
    isAlreadyInPlace: () => false,
    fallback: () => null,
    ...overrides,
  };
}
