import type { ReconcileReport } from '../../../shared/model.ts';
import { MOST_DELIVERIES } from '../../../shared/ports/most-deliveries.ts';
import type { Io } from '../io.ts';
import { red } from '../terminal.ts';
import type { Printer } from './printer.ts';
import { isLoud } from './report-lines.ts';
import type { Delivered } from './simulate.ts';
import type { Tally } from './tally.ts';

/** Shows what came of a delivery, and counts it. */
export function tell(
  io: Io,
  { event, suffered, reports, deadLettered }: Delivered,
  options: {
    readonly printer: Printer;
    readonly tally: Tally;
    /** Undeclared roles, too. */
    readonly all: boolean;
    /** What people are told, and nothing twice. */
    readonly forChannel: boolean;
  },
): void {
  const { printer, tally, all, forChannel } = options;
  // A later look that finds the role as declared, or only what is known, adds nothing; one that puts something back does,
  // even where people know of the fight that it is part of.
  const told = reports.filter(({ report, isNews }) =>
    event === null ? isLoud(report) && (isNews || hasChanged(report)) : all || report.spec !== null,
  );
  for (const { report } of reports) tally.settle(report);
  for (const { report, isNews } of told) {
    if (isNews || !forChannel) printer.report(report, { suffered, isLaterLook: event === null });
    tally.count(report);
  }
  if (event !== null && told.length === 0 && deadLettered === null) tally.skip();
  if (deadLettered === null) return;
  const what =
    event === null ? 'a second look' : `${event.eventName} of ${event.eventTime} (${event.eventId})`;
  io.stderr.line(red('✗ '), `dead-lettered after ${MOST_DELIVERIES} deliveries: ${what}: ${deadLettered}`);
  tally.fail();
}

function hasChanged({ changes }: ReconcileReport): boolean {
  return changes.some(({ outcome }) => outcome === 'applied');
}
