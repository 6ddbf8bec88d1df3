import { isRetryable, awsErrorCode } from '../errors.ts';
import type { AdmittedChange, AppliedChange, Change } from '../model.ts';
import type { Clients } from '../ports/clients.ts';
import type { Clock } from '../ports/clock.ts';
import { alreadyInPlace, unsent } from './applied-change.ts';

/**
 * Sends the admitted changes, one after the other: the only writer of IAM. Never throws for a refused change: the others
 * of its kind go on, and the outcome says what happened. Once a closing change has failed or is held by a guard, nothing
 * that gives access back is sent: a role half-open must not become more powerful.
 */
export async function applyPlan(
  admitted: readonly AdmittedChange[],
  clients: Clients,
  clock: Clock,
): Promise<readonly AppliedChange[]> {
  const results: AppliedChange[] = [];
  for (const { change, verdict } of admitted.map((one) => asOneWithItsCall(one, admitted))) {
    if (verdict.decision === 'hold')
      results.push({
        ...unsent(change),
        heldBy: verdict.guard,
        reason: verdict.reason,
        dueAt: verdict.dueAt,
        remedy: verdict.remedy,
      });
    else if (givesBack(change) && results.some(leftOpen))
      results.push({
        ...unsent(change),
        heldBy: 'closeFirst',
        reason: 'access that must go is still there, so none is given back',
        dueAt: dueAfter(results.filter(leftOpen)),
      });
    else {
      const sent = results.find((earlier) => isSent(earlier) && isSameCall(earlier.change, change));
      const done = sent === undefined ? await send(change, clients, clock) : [{ ...sent, change }];
      results.push(...done.map((result) => ({ ...result, remedy: verdict.remedy })));
    }
  }
  return results;
}

/** What a guard holds must not be done by another change that is the same call. */
function asOneWithItsCall(one: AdmittedChange, admitted: readonly AdmittedChange[]): AdmittedChange {
  const held = admitted.find(
    ({ change, verdict }) => verdict.decision === 'hold' && isSameCall(change, one.change),
  );
  return one.verdict.decision === 'hold' || held === undefined ? one : { ...one, verdict: held.verdict };
}

function isSent({ outcome }: AppliedChange): boolean {
  return outcome !== 'held';
}

// One UpdateRole sets the description and the session duration, one TagRole all tags: sent once, it reverts them all.
function isSameCall(a: Change, b: Change): boolean {
  if (a.call === null || b.call === null || a.action !== b.action) return false;
  return JSON.stringify(a.call.input) === JSON.stringify(b.call.input);
}

// A description gives nothing back, so nothing is gained by holding it.
function givesBack({ effect, difference }: Change): boolean {
  return effect === 'restores' && difference.access.lost.length > 0;
}

// What the spec says to leave alone is no open door: it must not keep a node role without its policy.
function leftOpen({ change, outcome, heldBy }: AppliedChange): boolean {
  return change.effect === 'closes' && (outcome === 'failed' || (outcome === 'held' && heldBy !== 'spec'));
}

/** When what is open is looked at again; null if some of it waits for no time. */
function dueAfter(open: readonly AppliedChange[]): string | null {
  const due = open.flatMap(({ dueAt }) => dueAt ?? []);
  return due.length < open.length ? null : (due.sort().at(-1) ?? null);
}

async function send(change: Change, clients: Clients, clock: Clock): Promise<readonly AppliedChange[]> {
  if (change.call === null)
    throw new TypeError(`${change.action} was admitted, and there is nothing to send`);
  try {
    const answer = await change.call.send(clients);
    return [{ ...unsent(change), outcome: 'applied', appliedAt: clock.now().toISOString(), answer }];
  } catch (error) {
    if (change.isAlreadyInPlace(error)) return [alreadyInPlace(change)];
    const smaller = change.fallback(error);
    if (smaller === null) return [failed(change, error, null)];
    const remainder = failed({ ...change, effect: 'restores' }, error, smaller.remainder);
    const applied = await send(smaller.change, clients, clock);
    // The innermost refusal names what is missing; a remainder is only told where the smaller change went through.
    return applied.some(({ outcome }) => outcome === 'applied') ? [...applied, remainder] : applied;
  }
}

function failed(change: Change, error: unknown, reason: string | null): AppliedChange {
  const message = error instanceof Error ? error.message : String(error);
  return {
    ...unsent(change),
    outcome: 'failed',
    reason,
    error: `${awsErrorCode(error)}: ${message}`,
    retryable: isRetryable(error),
  };
}
