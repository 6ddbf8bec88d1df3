import { after, defineGuard } from './define.ts';

/** A deployment that replaces a role deletes it first: to create it in between would make the deployment fail. */
export const recreation = defineGuard({
  name: 'recreation',
  hold: ({ action }, _plan, { desired, state, now }) => {
    if (action !== 'iam:CreateRole' || desired.recreation === null || state.drift === null) return null;
    const { afterMinutes } = desired.recreation;
    // It may have drifted long before it was deleted.
    const deletions = state.drift.causes.filter(({ eventName }) => eventName === 'DeleteRole');
    const since = [state.drift.since, ...deletions.map(({ eventTime }) => eventTime)].sort(byTime).at(-1);
    const dueAt = after(since ?? state.drift.since, afterMinutes * 60_000);
    if (Date.parse(dueAt) <= now.getTime()) return null;
    return {
      reason: `the role was deleted: whoever did so has ${afterMinutes === 1 ? 'a minute' : `${afterMinutes} minutes`} to create it again`,
      dueAt,
    };
  },
});

function byTime(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b);
}
