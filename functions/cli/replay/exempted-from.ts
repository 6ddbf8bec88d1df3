import { memoryControls, type MemoryControls } from '../../../shared/ledger/memory-controls.ts';
import type { Exemption } from '../../../shared/ports/controls.ts';

/**
 * Operators speak between two replays, by their own clock; the events may be older than their words. An exemption that was
 * granted after the first event begins with it, and lasts as long as it was meant to.
 */
export function exemptedFrom(controls: MemoryControls, first: Date): MemoryControls {
  const saved = controls.saved();
  return memoryControls({
    ...saved,
    exemptions: saved.exemptions.map(([role, granted]) => [role, beginningBy(first, granted)]),
  });
}

function beginningBy(first: Date, granted: Exemption): Exemption {
  const length = Date.parse(granted.until) - Date.parse(granted.at);
  if (Date.parse(granted.at) <= first.getTime()) return granted;
  return {
    ...granted,
    at: first.toISOString(),
    until: new Date(first.getTime() + length).toISOString(),
  };
}
