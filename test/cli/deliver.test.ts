import { describe, expect, it } from 'vitest';

import { deliver } from '../../functions/cli/replay/deliver.ts';

/** Fails the first `failures` deliveries; answers how it ended and how often it was delivered. */
const delivered = async (failures: number) => {
  const counts: (string | undefined)[] = [];
  const taken = await deliver(
    async ({ Records }) => {
      counts.push(Records[0]?.attributes.ApproximateReceiveCount);
      return { batchItemFailures: counts.length <= failures ? [{ itemIdentifier: 'a' }] : [] };
    },
    { id: 'a', body: '{}' },
  );
  return { taken, counts };
};

describe('deliver', () => {
  it('delivers once what is taken', async () => {
    expect(await delivered(0)).toEqual({ taken: true, counts: ['1'] });
  });

  it('delivers again what failed, as often as the stack’s queues do, then gives it up', async () => {
    expect(await delivered(2)).toEqual({ taken: true, counts: ['1', '2', '3'] });
    expect(await delivered(9)).toEqual({ taken: false, counts: ['1', '2', '3', '4', '5'] });
  });
});
