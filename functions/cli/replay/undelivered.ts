import { aspects } from '../../../shared/aspects/index.ts';
import { eventRules, isDelivered } from '../../../shared/eventbridge/rules.ts';
import type { IamChangeEvent } from '../../../shared/model.ts';

/** Events that replay handed to the handler, though the deployed rules would not have. */
export interface UndeliveredEvents {
  /** null for a delayed second look, which no rule delivers. */
  readonly see: (event: IamChangeEvent | null) => void;
  /** One sentence for each kind of event. */
  readonly lines: () => readonly string[];
}

/** Replay takes every event that names a role; the deployed rules take those that some aspect is woken by. */
export function undeliveredEvents(): UndeliveredEvents {
  const rules = eventRules(aspects);
  const counts = new Map<string, number>();
  return {
    see: (event) => {
      if (event === null) return;
      const { eventName, eventSource } = event;
      if (!isDelivered(rules, { eventName, eventSource }))
        counts.set(eventName, (counts.get(eventName) ?? 0) + 1);
    },
    lines: () =>
      [...counts].map(
        ([eventName, count]) =>
          `the deployed rules would not have delivered ${eventName} (${count === 1 ? 'one event' : `${count} events`} here): no aspect is woken by it, only the resync would have looked`,
      ),
  };
}
