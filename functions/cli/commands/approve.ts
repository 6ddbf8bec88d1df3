import { defineCommand } from '../command.ts';
import { installationDetails, installationOptions, withInstallation } from '../operator/installation.ts';
import { byOption, operatorName } from '../operator/operator-name.ts';
import { bold, green } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** Takes a role that was created again for the declared one. */
export const approve = defineCommand({
  name: 'approve',
  usage: 'ROLE',
  details: [
    'A role with another unique id than the known one is closed where it is too open, and gets nothing until it is approved: ' +
      'somebody else may have created it. It is then put back within a minute or so.',
    installationDetails,
  ],
  options: { ...byOption, ...installationOptions },
  positionals: { min: 1, max: 1 },
  examples: ['iam-drift approve eksNodeRole'],
  run: async (io, args) => {
    const [typed = ''] = args.positionals;
    const done = await withInstallation(io, args, async (installation) => {
      const { roleStates, controls, lookAgain, signed } = installation;
      const named = installation.role(typed);
      const { strangerId, roleId } = await roleStates.get(named);
      if (strangerId === null)
        throw new UsageError(
          `approve: nothing to approve: ${named.roleName} was seen ${roleId === null ? 'never' : `with its known id ${roleId} only`}; ` +
            'if it was created again just now, try again in a minute',
        );
      const by = await signed(operatorName(io, args));
      const approval = { at: new Date().toISOString(), roleId: strangerId, by };
      await controls.approve(named, approval);
      await lookAgain(named);
      return { role: named, approval };
    });
    if (args.flag('json')) io.stdout.json(done);
    else
      io.stdout.line(
        green('✓ '),
        bold(done.role.roleName),
        ` with the id ${done.approval.roleId} is the declared role`,
      );
    return 0;
  },
});
