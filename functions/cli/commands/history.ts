import type { ReconcileReport, ReportedChange } from '../../../shared/model.ts';
import type { Incident } from '../../../shared/ports/ledger.ts';
import { describeAct } from '../../../shared/notifications/actor-in-words.ts';
import { defineCommand } from '../command.ts';
import type { Output } from '../io.ts';
import { installationDetails, installationOptions, askInstallation } from '../operator/installation.ts';
import { plural } from '../plural.ts';
import { changeLines } from '../replay/report-lines.ts';
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
  usage: '[ROLE]',
  details: [
    'With --json each incident whole: what was there before, who, the plan, the report.',
    installationDetails,
  ],
  options: installationOptions,
  positionals: { min: 0, max: 1 },
  examples: ['iam-drift history', 'iam-drift history eksNodeRole --json'],
  run: async (io, args) => {
    const [typed] = args.positionals;
    const { incidents, named } = await askInstallation(io, args, async ({ ledger, role }) => {
      const one = typed === undefined ? undefined : role(typed);
      return { incidents: await ledger.list(one), named: one };
    });
    for (const incident of incidents)
      if (args.flag('json')) io.stdout.json(incident);
      else show(io.stdout, incident);
    if (incidents.length === 0)
      io.stderr.line(
        'the ledger holds no incident',
        ...(named === undefined ? [] : [` of ${named.roleName}`]),
      );
    return 0;
  },
});

function show(output: Output, incident: Incident): void {
  const { incidentId, openedAt, role, report, results, plan } = incident;
  const outcome = report === null ? 'not finished' : outcomeInWords(report, results);
  const time = `${openedAt.slice(0, 19).replace('T', ' ')} UTC`;
  output.line(dim(time), '  ', bold(role.roleName), `  ${outcome}`);
  const changes =
    report === null
      ? wrap(['  '], [plan.map(({ action }) => `${action}: planned`).join('; ')], output.columns)
      : [...doneBefore(report, results), ...report.changes].flatMap((change) =>
          changeLines(change, output.columns, '  '),
        );
  for (const line of [...wrap(['  '], [whoDidIt(incident)], output.columns), ...changes])
    output.line(...line);
  output.line(dim(`  ${incidentId}`));
}

/** What is left since is not all that came of it. */
function outcomeInWords(report: ReconcileReport, results: Incident['results']): string {
  const words = outcomes.get(report.outcome) ?? report.outcome;
  const isMore = report.outcome === 'remediated' || doneBefore(report, results).length === 0;
  return isMore ? words : `put back in part, the rest ${words}`;
}

/** What earlier looks have changed; what they held, the last one has decided anew. */
function doneBefore({ id }: ReconcileReport, results: Incident['results']): readonly ReportedChange[] {
  return results
    .filter((result) => result.id !== id)
    .flatMap(({ changes }) => changes.filter(({ outcome }) => outcome === 'applied'));
}

function whoDidIt({ causes, role }: Incident): string {
  const [cause] = causes;
  if (cause === undefined) return 'nobody is known to have changed it';
  const did = `${describeAct(cause, role.accountId)} this role`;
  return causes.length === 1 ? did : `${did}, and ${plural(causes.length - 1, 'more event')}`;
}
