import { isInPlace } from '../change-outcome.ts';
import type { AppliedChange, DesiredRole, Drift } from '../model.ts';
import type { Clients } from '../ports/clients.ts';
import type { Clock } from '../ports/clock.ts';
import { alreadyInPlace } from './applied-change.ts';
import { detectDrift } from './drift.ts';
import { observeRole } from './observe.ts';

// IAM is eventually consistent: most writes read back at once, the rest within seconds
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
const PAUSES_MS = [0, 1000, 2000, 4000];

// Tried again, and surely not carried out.
const REFUSED: ReadonlySet<string> = new Set(['AccessDenied', 'Throttling', 'TooManyRequests']);

/** What a second read says about the changes. */
export interface Verified {
  /** With those in place whose answers were lost on the way. */
  readonly applied: readonly AppliedChange[];
  /** null if nothing was applied; false if the second read disagrees or could not be made. */
  readonly verified: boolean | null;
}

/** Reads the role again until the applied changes hold, or about seven seconds have gone. */
export async function verify(
  sent: readonly AppliedChange[],
  desired: DesiredRole,
  clients: Clients,
  clock: Clock,
): Promise<Verified> {
  const done = sent.filter(isInPlace);
  if (done.length === 0 && !sent.some(isInDoubt)) return { applied: sent, verified: null };
  let applied = sent;
  // What is only in doubt is asked about once: it is tried again anyway.
  for (const pause of done.length === 0 ? [0] : PAUSES_MS) {
    if (pause > 0) await clock.sleep(pause);
    const drift = await readAgain(desired, clients);
    if (drift === null) continue;
    applied = sent.map((one) => (isInDoubt(one) && holds(one, drift) ? alreadyInPlace(one.change) : one));
    if (done.every((change) => holds(change, drift)))
      return { applied, verified: applied.some(isInPlace) ? true : null };
  }
  return { applied, verified: done.length === 0 ? null : false };
}

/** Nobody knows whether IAM has made it: there was no answer, or none that says. */
function isInDoubt({ outcome, retryable, error }: AppliedChange): boolean {
  return outcome === 'failed' && retryable && !REFUSED.has(error?.split(':', 1)[0] ?? '');
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
