import type { DriftMark } from '../../../shared/ports/role-state.ts';
import { defineCommand } from '../command.ts';
import { installationDetails, installationOptions, withInstallation } from '../operator/installation.ts';
import { byOption, operatorName } from '../operator/operator-name.ts';
import { bold, green } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** Goes ahead with what was held because too many roles had drifted. */
export const resume = defineCommand({
  name: 'resume',
  usage: '--incident ID',
  details: [
    'All drift of the account that was found until now is put back, however much it is, beginning within a minute. ' +
      'Drift that comes later is counted anew. The incident is the one that the message names.',
    installationDetails,
  ],
  options: {
    incident: { value: 'ID', summary: 'as the message says, such as 111122223333/eksNodeRole/0Q2W7E3R6Y' },
    ...byOption,
    ...installationOptions,
  },
  positionals: { min: 0, max: 0 },
  examples: ['iam-drift resume --incident 111122223333/eksNodeRole/0Q2W7E3R6Y'],
  run: async (io, args) => {
    const incidentId = args.text('incident');
    if (incidentId === null) throw new UsageError('resume: --incident is missing: the message names it');
    const done = await withInstallation(io, args, async (installation) => {
      const { ledger, roleStates, controls, lookAgain, signed } = installation;
      const incident = await ledger.get(incidentId);
      if (incident === null) throw new UsageError(`resume: the ledger holds no incident ${incidentId}`);
      const { accountId } = incident.role;
      const at = latest(await roleStates.marks(accountId)) ?? new Date().toISOString();
      const said = { at, incidentId, by: await signed(operatorName(io, args)) };
      await controls.resume(accountId, said);
      await lookAgain('drifted');
      return { accountId, resume: said };
    });
    if (args.flag('json')) io.stdout.json(done);
    else io.stdout.line(green('✓ '), 'what was held in account ', bold(done.accountId), ' goes ahead');
    return 0;
  },
});

/** When the last of them began, by the clock that says so: this machine's may be late, and would then leave some held. */
function latest(marks: readonly DriftMark[]): string | null {
  return (
    marks
      .map(({ since }) => since)
      .sort()
      .at(-1) ?? null
  );
}
