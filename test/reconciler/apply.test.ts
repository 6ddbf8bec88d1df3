import { describe, expect, it } from 'vitest';

import type { Change } from '../../shared/model.ts';
import { applyPlan } from '../../shared/reconciler/apply.ts';
import { clientOf } from '../support/iam-client.ts';
import { aPlannedChange } from '../support/planned-change.ts';
import { testClock } from '../support/scene.ts';

const clients = {
  iam: clientOf('http://127.0.0.1:1'),
  eks: () => {
    throw new Error('no call to EKS is expected');
  },
};
const apply = { decision: 'apply', remedy: null } as const;
const hold = {
  decision: 'hold',
  guard: 'trial',
  reason: 'not now',
  dueAt: null,
  remedy: null,
  telling: 'now',
} as const;

/** A change by the call TagRole with this input; `sent` counts. */
const aChange = (path: string, input: object, sent: string[]): Change =>
  aPlannedChange(path, {
    summary: `set ${path}`,
    call: {
      input,
      send: async () => {
        sent.push(path);
      },
    },
  });

describe('several changes by one call', () => {
  it('are sent once, and all of them are applied', async () => {
    const sent: string[] = [];
    const [a, b, c] = [
      aChange('a', { x: 1 }, sent),
      aChange('b', { x: 1 }, sent),
      aChange('c', { x: 2 }, sent),
    ];
    const admitted = [a, b, c].map((change) => ({ change, verdict: apply }));
    const applied = await applyPlan(admitted, clients, testClock());
    expect(sent).toEqual(['a', 'c']);
    expect(applied.map(({ change, outcome }) => [change.summary, outcome])).toEqual([
      ['set a', 'applied'],
      ['set b', 'applied'],
      ['set c', 'applied'],
    ]);
  });

  it.each([
    [apply, hold],
    [hold, apply],
  ])('are all held where one is: what a guard holds is not done by another change', async (first, second) => {
    const sent: string[] = [];
    const admitted = [
      { change: aChange('a', { x: 1 }, sent), verdict: first },
      { change: aChange('b', { x: 1 }, sent), verdict: second },
      { change: aChange('c', { x: 2 }, sent), verdict: apply },
    ];
    const applied = await applyPlan(admitted, clients, testClock());
    expect(sent).toEqual(['c']);
    expect(applied.map(({ outcome, heldBy }) => [outcome, heldBy])).toEqual([
      ['held', 'trial'],
      ['held', 'trial'],
      ['applied', null],
    ]);
  });
});
