import { timeInWords } from '../../../shared/notifications/time-in-words.ts';
import type { RoleState } from '../../../shared/ports/role-state.ts';
import { defineCommand } from '../command.ts';
import { exemptionLength } from '../operator/exemption-length.ts';
import { installationDetails, installationOptions, withInstallation } from '../operator/installation.ts';
import { byOption, operatorName } from '../operator/operator-name.ts';
import { reasonFrom } from '../operator/reason.ts';
import { bold, green, yellow } from '../terminal.ts';

/** Break-glass: leaves a role as it is for a while. */
export const exempt = defineCommand({
  name: 'exempt',
  usage: 'ROLE --for TIME --reason TEXT',
  details: [
    'Drift of the role is told and not put back. The exemption ends by itself, at most after 24 hours unless the settings say otherwise, and the role is then ' +
      'put back. --end ends it now; the role is looked at within a minute.',
    installationDetails,
  ],
  options: {
    for: { value: 'TIME', summary: 'such as 90m or 2h' },
    reason: { value: 'TEXT', summary: 'why; shown in every report about the role' },
    end: { summary: 'end an exemption now' },
    ...byOption,
    ...installationOptions,
  },
  positionals: { min: 1, max: 1 },
  examples: ['iam-drift exempt eksNodeRole --for 2h --reason "INC-17: nodes cannot join"'],
  run: async (io, args) => {
    const [typed = ''] = args.positionals;
    const isEnd = args.flag('end');
    const reason = isEnd ? 'ended' : reasonFrom('exempt', args.text('reason'));
    const { role, exemption } = await withInstallation(io, args, async (installation) => {
      const { controls, roleStates, longestExemptionHours } = installation;
      const named = installation.role(typed);
      const state = await roleStates.get(named);
      if (state.revision === 0)
        io.stderr.line(
          yellow('! '),
          `no role of the name ${named.roleName} was ever looked at: is it spelled so?`,
        );
      const now = laterOf(new Date(), state);
      const length = isEnd ? 0 : exemptionLength('exempt: --for', args.text('for'), longestExemptionHours);
      const said = {
        at: now.toISOString(),
        until: new Date(now.getTime() + length).toISOString(),
        reason,
        by: await installation.signed(operatorName(io, args)),
      };
      await controls.exempt(named, said);
      if (isEnd) await installation.lookAgain(named);
      return { role: named, exemption: said };
    });
    if (args.flag('json')) io.stdout.json({ role, exemption });
    else if (isEnd) io.stdout.line(green('✓ '), bold(role.roleName), ' is looked after again');
    else
      io.stdout.line(
        green('✓ '),
        bold(role.roleName),
        ` is left as it is until ${timeInWords(exemption.until)}`,
      );
    return 0;
  },
});

/** Now, or when the role was last at issue: what is simulated may be ahead of this machine's clock, and so may a server be. */
function laterOf(now: Date, { drift, reverts }: RoleState): Date {
  const times = [now.toISOString(), drift?.since ?? '', ...reverts.map(({ at }) => at)];
  return new Date(times.sort().at(-1) ?? now);
}
