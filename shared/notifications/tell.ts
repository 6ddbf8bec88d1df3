import type { ReconcileReport } from '../model.ts';
import type { Announcement } from '../ports/announcement.ts';
import type { Clock } from '../ports/clock.ts';
import type { Deliveries } from '../ports/deliveries.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Transports } from '../ports/transports.ts';
import type { ConfiguredChannel } from './configured-channels.ts';
import type { Channel, Message, News } from './define-channel.ts';
import { byUrgency } from './digest.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { RetryAfterError } from './retry-after.ts';
import { toNotification } from './to-notification.ts';

export interface TellDeps {
  readonly channels: readonly ConfiguredChannel[];
  readonly deliveries: Deliveries;
  readonly transports: Transports;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** What came to be told. */
export interface Untold {
  readonly reports: readonly ReconcileReport[];
  readonly announcements: readonly Announcement[];
}

interface Owed {
  readonly news: readonly News[];
  readonly announcements: readonly Announcement[];
}

interface Turn extends TellDeps {
  readonly inTurn: ReturnType<typeof oneAtATime>;
  readonly deadline: Date;
}

/** What one message may take, with its record: none is begun later than this before the deadline. */
const longestAttemptMs = 7000;

/**
 * Tells each channel what it has not told yet, the worst first; quiet news is told to none. The channels take turns, message
 * by message: the pauses of one are the time of another, and what one cannot tell does not stop another. What operators have
 * said comes last. Answers the ids of the reports and announcements that some channel still has to tell: they must be
 * delivered again.
 */
export async function tell(
  { reports, announcements }: Untold,
  deps: TellDeps,
  deadline: Date,
): Promise<ReadonlySet<string>> {
  const distinct = new Map(reports.map((report) => [report.id, report]));
  const news = byUrgency(
    [...distinct.values()].flatMap((report) => {
      const notification = toNotification(report);
      return notification === null ? [] : [{ report, notification }];
    }),
  );
  // At any moment one message at most has been taken and not been written down: a crash repeats that one and no other.
  const inTurn = oneAtATime();
  const untold = await Promise.all(
    deps.channels.map((configured) =>
      tellChannel({ news, announcements }, configured, { ...deps, inTurn, deadline }),
    ),
  );
  return new Set(untold.flat());
}

async function tellChannel(
  owed: Owed,
  { channel, target }: ConfiguredChannel,
  deps: Turn,
): Promise<readonly string[]> {
  const untold: string[] = [];
  const failed = (reportIds: readonly string[], error: unknown) => {
    deps.telemetry.error('reports could not be told', { channel: channel.name, reportIds, error });
    deps.telemetry.count('UntoldReports', reportIds.length);
    untold.push(...reportIds);
  };
  const messages = await owedMessages(owed, channel, deps).catch((error: unknown) => {
    failed(idsOf(owed), error);
    return [];
  });
  let isFirst = true;
  for (const message of messages) {
    try {
      if (!isFirst && channel.pauseMs > 0) await deps.clock.sleep(channel.pauseMs);
      isFirst = false;
      await deliver(message, { channel, target }, deps);
      deps.telemetry.info('reports told', { channel: channel.name, reportIds: message.reportIds });
      deps.telemetry.count('ToldReports', message.reportIds.length);
    } catch (error) {
      failed(message.reportIds, error);
    }
  }
  return untold;
}

async function owedMessages(
  owed: Owed,
  channel: Channel,
  { deliveries }: TellDeps,
): Promise<readonly Message[]> {
  const ids = idsOf(owed);
  if (ids.length === 0) return [];
  const told = await deliveries.told(channel.name, ids);
  return [
    ...channel.messages(owed.news.filter(({ report }) => !told.has(report.id))),
    ...owed.announcements.filter(({ id }) => !told.has(id)).map(channel.announcement),
  ];
}

function idsOf({ news, announcements }: Owed): readonly string[] {
  return [...news.map(({ report }) => report.id), ...announcements.map(({ id }) => id)];
}

/** Waits as long as the channel asks where that is before the deadline. */
async function deliver(message: Message, to: ConfiguredChannel, deps: Turn): Promise<void> {
  const { clock, deadline, deliveries, transports } = deps;
  const isTimeAfter = (milliseconds: number) =>
    clock.now().getTime() + milliseconds + longestAttemptMs <= deadline.getTime();
  try {
    await deps.inTurn(async () => {
      if (!isTimeAfter(0)) throw new Error('there is no time left in this invocation');
      await message.deliver(to.target, transports);
      await deliveries.record(to.channel.name, message.reportIds);
    });
  } catch (error) {
    if (!(error instanceof RetryAfterError && isTimeAfter(error.seconds * 1000))) throw error;
    await clock.sleep(error.seconds * 1000);
    await deliver(message, to, deps);
  }
}
