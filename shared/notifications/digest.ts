import type { Severity } from '../model.ts';
import type { News, Part } from './define-channel.ts';
import { clip, named, visible } from './escape.ts';
import { severityInWords } from './verdict.ts';

const worstFirst: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'none'];

const orderOf = ({ report }: News) => `${worstFirst.indexOf(report.severity)} ${report.time} ${report.id}`;

/** The worst first; of equals, the oldest. */
export function byUrgency(news: readonly News[]): readonly News[] {
  return [...news].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

/** `12 reports of drift, the worst critical`, and which part of them this is. No full stop. */
export function digestTitle(news: readonly News[], { number, of }: Part): string {
  const [worst] = byUrgency(news);
  const severity = severityInWords(worst?.report.severity ?? 'none');
  const part = of === 1 ? '' : ` (part ${number} of ${of})`;
  return `${severity}: ${news.length} reports of drift${part}`;
}

/** What a digest says of one report. Raw: the medium escapes it, except `lead`, which needs no escaping but the medium's own. */
export interface DigestEntry {
  /** `Critical: deploy`. */
  readonly lead: string;
  /** One sentence, without a full stop. */
  readonly headline: string;
  readonly verdict: string;
  readonly who: string;
  readonly reference: string;
}

/** Each text is short and holds to its line. */
export function digestEntry({ notification }: News): DigestEntry {
  const { severity, roleName, accountId, headline, verdict, who, incidentId, reportId } = notification;
  return {
    lead: `${severityInWords(severity)}: ${name(roleName, 80)} in account ${name(accountId, 40)}`,
    headline: clip(visible(headline), 160),
    verdict: visible(verdict),
    who: clip(visible(who), 160),
    reference: `incident ${name(incidentId, 120)}, report ${name(reportId, 40)}`,
  };
}

function name(text: string, max: number): string {
  return named(clip(text, max));
}
