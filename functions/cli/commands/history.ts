import type { Incident } from '../../../shared/ports/ledger.ts';
import { describeActor, describeEvent } from '../../../shared/notifications/actor-in-words.ts';
import { defineCommand } from '../command.ts';
import type { Output } from '../io.ts';
import { installationDetails, installationOptions, withInstallation } from '../operator/installation.ts';
import { bold, dim } from '../terminal.ts';
import { wrap } from '../wrap.ts';

const outcomes = new Map([
  ['remediated', 'put back'],
  ['partly-remediated', 'put back in part'],
  ['failed', 'could not be put back'],
  ['held', 'held'],
  ['detected', 'only told'],
  ['in-sync', 'ended by itself'],
]);

/** What happened to a role, or to all. */
export const history = defineCommand({
  name: 'history',
  summary: 'what happened to a role, or to all: incidents, newest first',
  usage: '[ROLE]',
  details: [
    'With --json each incident whole: what was there before, who, the plan, the report.',
    installationDetails,
  ],
  options: installationOptions,
  positionals: { min: 0, max: 1 },
  examples: ['iam-drift history', 'iam-drift history eksNodeRole --json'],
  run: async (io, args) => {
    const [roleName] = args.positionals;
    const incidents = await withInstallation(io, args, async ({ ledger, role }) =>
      ledger.list(roleName === undefined ? undefined : role(roleName)),
    );
    for (const incident of incidents)
      if (args.flag('json')) io.stdout.json(incident);
      else show(io.stdout, incident);
    if (incidents.length === 0)
      io.stderr.line('the ledger holds no incident', ...(roleName === undefined ? [] : [` of ${roleName}`]));
    return 0;
  },
});

function show(output: Output, { incidentId, openedAt, role, causes, plan, report }: Incident): void {
  const outcome = report === null ? 'not finished' : (outcomes.get(report.outcome) ?? report.outcome);
  output.line(dim(openedAt.slice(0, 19).replace('T', ' ')), '  ', bold(role.roleName), `  ${outcome}`);
  const [cause] = causes;
  const who =
    cause === undefined
      ? 'nobody is known to have changed it'
      : `${describeActor(cause.actor, role.accountId)} ${describeEvent(cause.eventName)}`;
  const more = causes.length > 1 ? `, and ${causes.length - 1} more events` : '';
  for (const line of wrap(['  '], [who, more], output.columns)) output.line(...line);
  const changes = report?.changes.map(({ summary, outcome: done }) => `${summary}: ${done}`);
  const done = changes ?? plan.map(({ action }) => `${action}: planned`);
  for (const line of wrap(['  '], [done.join('; ')], output.columns)) output.line(...line);
  output.line(dim(`  ${incidentId}`));
}
