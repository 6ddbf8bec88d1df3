import * as z from 'zod/mini';

import type { Json, ReconcileReport } from '../../../shared/model.ts';
import { type RendererName, renderers } from '../../../shared/notifications/index.ts';
import type { Output } from '../io.ts';
import { bold, dim, type Span } from '../terminal.ts';
import { wrap } from '../wrap.ts';
import type { Suffered } from './accounts.ts';
import { isLoud, leftAsItIs, reportLines, shownTime, unchangedLines } from './report-lines.ts';

/** What led to a report. */
export interface Occasion {
  /** null where no event's change was simulated. */
  readonly suffered: Suffered | null;
  /** No event asked for it: a delayed look at what was held, or may have been read too early. */
  readonly isLaterLook: boolean;
}

/** Shows reports as they come. */
export interface Printer {
  readonly report: (report: ReconcileReport, occasion: Occasion) => void;
  /** Only where a person reads. */
  readonly summary: (line: readonly Span[]) => void;
}

/** One JSON value a line: the reports, or what a channel would get of them. */
export function jsonPrinter(output: Output, summaryOutput: Output, channel: RendererName | null): Printer {
  return {
    report: (report) => {
      const value = channel === null ? report : renderers[channel](report);
      if (value !== null) output.json(value);
    },
    summary: (line) => {
      summaryOutput.line(...line);
    },
  };
}

/** For people: a block for what matters, a line for the rest, a summary at the end. Of what is held, a block once. */
export function textPrinter(output: Output): Printer {
  // By role, what was left of it when it was shown last.
  const left = new Map<string, string | null>();
  let date = '';
  let previous: 'start' | 'quiet' | 'loud' = 'start';
  return {
    report: (report, { suffered, isLaterLook }) => {
      const { accountId, roleName } = report.role;
      const role = `${accountId}/${roleName.toLowerCase()}`;
      const isUnchanged =
        !isLaterLook && leftAsItIs(report) !== null && left.get(role) === leftAsItIs(report);
      left.set(role, leftAsItIs(report));
      const loud = isLoud(report) && !isUnchanged;
      const day = shownTime(report, isLaterLook).slice(0, 10);
      if (day !== date) {
        if (previous !== 'start') output.line();
        output.line(dim(`${day}, times in UTC`));
        date = day;
        previous = 'loud';
      }
      if (loud || previous === 'loud') output.line();
      const lines = isUnchanged
        ? unchangedLines(report, output.columns)
        : reportLines(report, output.columns, isLaterLook);
      for (const line of lines) output.line(...line);
      const about = report.spec === null ? null : suffered;
      for (const line of refusalLines(about, output.columns)) output.line(...line);
      previous = loud ? 'loud' : 'quiet';
    },
    summary: (line) => {
      if (previous !== 'start') output.line();
      for (const part of wrap([], line, output.columns)) output.line(...part);
    },
  };
}

function refusalLines(suffered: Suffered | null, columns: number): readonly (readonly Span[])[] {
  if (suffered === null || suffered.applied) return [];
  const text = suffered.modelled
    ? `not simulated, IAM would refuse it here: ${suffered.refusal ?? 'no reason given'}`
    : 'not simulated: the embedded account does not know this call';
  return wrap([' '.repeat(10)], [dim(text)], columns);
}

/** For people: what a channel would get. */
export function channelPrinter(output: Output, channel: RendererName): Printer {
  return {
    report: (report) => {
      const value = renderers[channel](report);
      if (value !== null) showPayload(output, value);
    },
    summary: (line) => {
      output.line(...line);
    },
  };
}

function showPayload(output: Output, payload: Json): void {
  const email = emailSchema.safeParse(payload);
  if (email.success) {
    output.line(bold(email.data.subject));
    for (const line of email.data.text.split('\n')) output.line(line);
  } else output.json(payload, 2);
  output.line();
}

const emailSchema = z.strictObject({ subject: z.string(), text: z.string() });
