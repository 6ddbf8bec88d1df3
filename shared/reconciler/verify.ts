import type { AppliedChange, DesiredRole, Drift } from '../model.ts';
import type { Clients } from '../ports/clients.ts';
import type { Clock } from '../ports/clock.ts';
import { detectDrift } from './drift.ts';
import { observeRole } from './observe.ts';

// IAM is eventually consistent: most writes read back at once, the rest within seconds
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
const PAUSES_MS = [0, 1000, 2000, 4000];

/**
 * Reads the role again until the applied changes hold, or about seven seconds have gone.
 * null if nothing was applied; false if the second read disagrees or could not be made.
 */
export async function verify(
  applied: readonly AppliedChange[],
  desired: DesiredRole,
  clients: Clients,
  clock: Clock,
): Promise<boolean | null> {
  const done = applied.filter(({ outcome }) => outcome === 'applied' || outcome === 'already-in-place');
  if (done.length === 0) return null;
  for (const pause of PAUSES_MS) {
    if (pause > 0) await clock.sleep(pause);
    const drift = await readAgain(desired, clients);
    if (drift !== null && done.every((change) => holds(change, drift))) return true;
  }
  return false;
}

async function readAgain(desired: DesiredRole, clients: Clients): Promise<Drift | null> {
  try {
    return detectDrift(desired, await observeRole(desired, clients));
  } catch {
    // The changes are made and recorded; a read that fails makes them unconfirmed, not undone.
    return null;
  }
}

function holds({ change }: AppliedChange, drift: Drift): boolean {
  const left = drift.differences.find(({ path }) => path === change.difference.path);
  if (drift.status === 'DELETED' || drift.status === 'NOT_CHECKED') return false;
  if (left === undefined) return true;
  // A declared principal has vanished, so the document cannot be whole; what it had to close is closed.
  return (
    change.effect === 'closes' &&
    change.difference.access.gained.length > 0 &&
    left.access.gained.length === 0
  );
}
