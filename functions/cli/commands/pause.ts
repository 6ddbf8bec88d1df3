import { operatorCommand } from '../../../shared/operator-command.ts';
import { defineCommand } from '../command.ts';
import { installationDetails, installationOptions, withInstallation } from '../operator/installation.ts';
import { byOption, operatorName } from '../operator/operator-name.ts';
import { reasonFrom } from '../operator/reason.ts';
import { green, yellow } from '../terminal.ts';

/** The kill switch. */
export const pause = defineCommand({
  name: 'pause',
  usage: '--reason TEXT',
  details: [
    'Within some seconds nothing is written to IAM any more, until "iam-drift unpause". The same is done by writing ' +
      '"pause: who and why" into the parameter /iam-drift/kill-switch of Systems Manager.',
    installationDetails,
  ],
  options: {
    reason: { value: 'TEXT', summary: 'why; shown in every report' },
    ...byOption,
    ...installationOptions,
  },
  positionals: { min: 0, max: 0 },
  examples: ['iam-drift pause --reason "migration of the node roles"'],
  run: async (io, args) => {
    const reason = reasonFrom('pause', args.text('reason'));
    const words = await withInstallation(io, args, async ({ killSwitch, signed }) => {
      const said = `${await signed(operatorName(io, args))}: ${reason}`;
      await killSwitch.pause(said);
      return said;
    });
    if (args.flag('json')) io.stdout.json({ paused: true, words });
    else io.stdout.line(yellow('◦ '), `all changes are paused; to go on: ${operatorCommand('unpause')}`);
    return 0;
  },
});

/** Ends a pause. */
export const unpause = defineCommand({
  name: 'unpause',
  usage: '',
  details: ['What was held meanwhile is put back, beginning within a minute.', installationDetails],
  options: installationOptions,
  positionals: { min: 0, max: 0 },
  examples: ['iam-drift unpause'],
  run: async (io, args) => {
    await withInstallation(io, args, async ({ killSwitch, lookAgain }) => {
      await killSwitch.unpause();
      await lookAgain('drifted');
    });
    if (args.flag('json')) io.stdout.json({ paused: false });
    else io.stdout.line(green('✓ '), 'changes are made again');
    return 0;
  },
});
