import { describe, expect, it } from 'vitest';

import type { Deliveries } from '../../shared/ports/deliveries.ts';

/** What every record of deliveries promises. */
export function describeDeliveries(name: string, create: () => Promise<Deliveries>): void {
  describe(`${name}, as a record of what was told`, () => {
    it('knows what each channel has told, and of no other channel', async () => {
      const deliveries = await create();
      await deliveries.record('slack', ['D1', 'D2']);
      expect(await deliveries.told('slack', ['D1', 'D2', 'D3'])).toEqual(new Set(['D1', 'D2']));
      expect(await deliveries.told('sns', ['D1', 'D2', 'D3'])).toEqual(new Set());
    });

    it('takes the same record twice, and ids of any wording', async () => {
      const deliveries = await create();
      const ids = ['told#x', '__proto__', 'é "\\ #'];
      await deliveries.record('slack', ids);
      await deliveries.record('slack', ids);
      expect(await deliveries.told('slack', ids)).toEqual(new Set(ids));
    });

    it('takes a hundred at once', async () => {
      const deliveries = await create();
      const ids = Array.from({ length: 100 }, (_, index) => `many-${index}`);
      await deliveries.record('sns', ids);
      expect((await deliveries.told('sns', ids)).size).toBe(100);
    });
  });
}
