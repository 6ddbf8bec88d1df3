import { inMode } from '../../../shared/spec/in-mode.ts';
import { readAuthorizationDetails } from '../authorization-details.ts';
import type { Args } from '../command.ts';
import { defineCommand } from '../command.ts';
import type { Io } from '../io.ts';
import { exemptedFrom } from '../replay/exempted-from.ts';
import { replayInputs } from '../replay/inputs.ts';
import { readLedger, writeLedger } from '../replay/ledger-file.ts';
import { channelPrinter, jsonPrinter, type Printer, textPrinter } from '../replay/printer.ts';
import { readOccurrences } from '../replay/read-occurrences.ts';
import { type ReplaySettings, replaySettings } from '../replay/settings.ts';
import { simulate } from '../replay/simulate.ts';
import { setStage } from '../replay/stage.ts';
import { createTally } from '../replay/tally.ts';
import { tell } from '../replay/tell.ts';
import { undeliveredEvents } from '../replay/undelivered.ts';
import { yellow } from '../terminal.ts';

/** Feeds recorded events through the production handler. */
export const replay = defineCommand({
  name: 'replay',
  usage: '[PATH…] [--spec FILE]',
  details: [
    'PATH is a file of events (an EventBridge delivery, a CloudTrail record, an array of them, a log file, one JSON ' +
      'value a line; also gzipped), a folder of such files, or "-" for stdin. Without PATH, the scenes in events/ are ' +
      'played with the spec events/roles.yaml; with PATH, the spec is infra/spec/roles.yaml.',
    'Events are played in the order of their times, and one that is told twice happens once. Where times are equal the ' +
      'order of the input counts; that of a file that runs newest first, as AWS lists events, is turned round.',
    'Nothing leaves this machine: the events happen in an embedded account that starts as the spec declares. Only ' +
      '--live talks to AWS, and only --live --apply changes anything there.',
  ],
  options: {
    spec: { value: 'FILE', summary: 'the declared roles' },
    mode: { value: 'MODE', summary: 'enforce or detect, whatever the spec says' },
    all: { summary: 'report undeclared roles, too' },
    show: { value: 'CHANNEL', summary: 'what a channel would get: slack, email or json' },
    account: { value: 'FILE', summary: 'start state: output of aws iam get-account-authorization-details' },
    ledger: { value: 'FILE', summary: 'keep the ledger in a file, between runs' },
    live: { summary: "use the environment's AWS credentials; changes nothing without --apply" },
    apply: { summary: 'with --live: make the changes' },
  },
  positionals: { min: 0, max: Number.POSITIVE_INFINITY },
  examples: [
    'iam-drift replay',
    'iam-drift replay cloudtrail-logs/ --spec infra/spec/roles.yaml --json',
    'aws cloudtrail lookup-events --region us-east-1 \\',
    '    --lookup-attributes AttributeKey=EventSource,AttributeValue=iam.amazonaws.com | iam-drift replay - --mode detect',
  ],
  run: async (io, args) => {
    const settings = replaySettings(args);
    const startState = await readAuthorizationDetails(io, args.text('account'));
    const inputs = await replayInputs(io, args.positionals, args.text('spec'));
    const { changes, ignored, faults } = await readOccurrences(io, inputs.files);
    const ledger = await readLedger(io, args.text('ledger'));
    const [first] = changes;
    const kept =
      settings.live || first === undefined
        ? ledger
        : { ...ledger, controls: exemptedFrom(ledger.controls, new Date(first.event.eventTime)) };
    const tally = createTally();
    for (const { place, message } of [...inputs.faults, ...faults]) {
      io.stderr.line(yellow('! '), `${place}: ${message}`);
      tally.fail();
    }

    const spec = settings.mode === null ? inputs.spec : inMode(inputs.spec, settings.mode);
    const events = changes.map(({ event }) => event);
    if (startState !== null && !events.some(({ accountId }) => accountId === startState.accountId)) {
      io.stderr.line(yellow('! '), `--account: no event happened in account ${startState.accountId}`);
    }
    const stage = setStage(io, args, { settings, spec, events, startState, roleStates: kept.roleStates });
    const printer = printerFor(io, args, settings);
    const undelivered = undeliveredEvents();
    const file = args.text('ledger');
    const keep = async () => {
      if (file !== null) await writeLedger(io, file, kept);
    };
    // Before anything is done: what cannot be written down must not be changed.
    await keep();
    try {
      for await (const delivered of simulate(changes, { ...stage, ...kept, spec })) {
        tell(io, delivered, {
          printer,
          tally,
          all: args.flag('all'),
          forChannel: settings.channel !== null,
        });
        if (delivered.reports.some(({ report }) => report.spec !== null)) undelivered.see(delivered.event);
        // A run that is killed has changed what it has changed.
        if (settings.live) await keep();
      }
      for (const line of undelivered.lines()) io.stderr.line(yellow('! '), line);
    } finally {
      await stage.accounts.close();
      await keep();
    }
    const uncounted = [...ignored.values()].reduce((sum, count) => sum + count, 0);
    printer.summary(tally.summary(changes.length, uncounted));
    return tally.exitCode();
  },
});

function printerFor(io: Io, args: Args, { channel }: ReplaySettings): Printer {
  if (args.flag('json')) return jsonPrinter(io.stdout, io.stderr, channel);
  return channel === null ? textPrinter(io.stdout) : channelPrinter(io.stdout, channel);
}
