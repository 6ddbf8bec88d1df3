import { channels } from '../../../shared/notifications/channels/index.ts';
import { slack } from '../../../shared/notifications/channels/slack.ts';
import { type Args, defineCommand, type Options } from '../command.ts';
import type { Io } from '../io.ts';
import { flagOf, type Recipient } from '../notify-test/recipient.ts';
import { decodeText, readInput } from '../read-input.ts';
import { dim, green, red } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** One flag for each channel, by its setting: `topicArn` is --topic-arn. */
const channelOptions: Options = Object.fromEntries(
  channels.map(({ name, setting }) => [
    flagOf(setting.key),
    {
      value: setting.key.endsWith('Arn') ? 'ARN' : 'NAME',
      summary: `tell the channel ${name}; as ${setting.key} in the settings`,
    },
  ]),
);

/** Sends a clearly marked sample through the real channels. */
export const notifyTest = defineCommand({
  name: 'notify-test',
  usage: '[--topic-arn ARN] [--slack-secret-name NAME] …',
  details: [
    "Each channel that is named gets one message that says it is a test. The environment's AWS credentials are used, in " +
      'the region AWS_REGION (us-east-1 unless set). Nothing else is read or written; a test is not written down as told.',
    'With --bus, the sample goes to the bus as an event, and from there to every channel that is deployed.',
  ],
  options: {
    ...channelOptions,
    'slack-webhook-url-file': {
      value: 'FILE',
      summary: "tell Slack; FILE holds the webhook's address ('-': stdin)",
    },
    bus: { value: 'NAME', summary: 'put the sample on an event bus, such as iam-drift' },
  },
  positionals: { min: 0, max: 0 },
  examples: [
    'iam-drift notify-test --topic-arn arn:aws:sns:us-east-1:111122223333:drift',
    'iam-drift notify-test --slack-webhook-url-file webhook.txt',
    'iam-drift notify-test --bus iam-drift',
  ],
  run: async (io, args) => {
    const recipients = await recipientsOf(io, args);
    // Loaded here: the help of all commands need not wait for the AWS SDK.
    const { sendSample } = await import('../notify-test/send-sample.ts');
    const region = io.env['AWS_REGION'] ?? io.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
    const { reportId, results } = await sendSample(recipients, region);
    if (args.flag('json')) io.stdout.json({ reportId, results });
    else {
      for (const { name, error } of results)
        if (error === null) io.stdout.line(green('✓ '), `${name} took the sample`);
        else io.stdout.line(red('✗ '), `${name}: ${error}`);
      io.stdout.line(dim(`The sample is report ${reportId}.`));
    }
    return results.some(({ error }) => error !== null) ? 1 : 0;
  },
});

async function recipientsOf(io: Io, args: Args): Promise<readonly Recipient[]> {
  const named = channels.flatMap((channel): Recipient[] => {
    const target = args.text(flagOf(channel.setting.key));
    if (target === null) return [];
    if (!channel.setting.form.test(target))
      throw new UsageError(
        `notify-test: --${flagOf(channel.setting.key)} "${target}": ${channel.setting.remedy}`,
      );
    return [{ kind: 'channel', channel, target, secret: null }];
  });
  const file = args.text('slack-webhook-url-file');
  if (file !== null)
    named.push({
      kind: 'channel',
      channel: slack,
      target: file,
      secret: decodeText(await readInput(io, file), file),
    });
  const bus = args.text('bus');
  if (bus !== null) named.push({ kind: 'bus', name: bus });
  if (named.length === 0) {
    const flags = [...channels.map(({ setting }) => flagOf(setting.key)), 'slack-webhook-url-file', 'bus'];
    throw new UsageError(`notify-test: say whom to tell: ${flags.map((flag) => `--${flag}`).join(', ')}`);
  }
  return named;
}
