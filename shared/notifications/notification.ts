import type { ReportOutcome, Severity } from '../model.ts';

/**
 * A report as people read it, the same for every channel: what happened, what was done, then the sections in the order of
 * the questions that an engineer on call asks. Its texts are raw: each channel escapes all of them for its own medium.
 */
export interface Notification {
  readonly reportId: string;
  readonly incidentId: string;
  readonly time: string;
  readonly severity: Severity;
  readonly outcome: ReportOutcome;
  /** Whether a second read found all of it put back. */
  readonly isConfirmed: boolean;
  /** Of a deleted role that was created again. */
  readonly isRecreated: boolean;
  readonly accountId: string;
  readonly roleName: string;
  /** `account 193672423079 could assume this role for 1.9 s`: one sentence about the role, without its name and full stop. */
  readonly headline: string;
  /** `Put back and verified in 1.9 s`: our own words only. */
  readonly verdict: string;
  /** `IAM user alice, from 192.0.2.20, without MFA`. */
  readonly who: string;
  readonly sections: readonly Section[];
}

export interface Section {
  /** Empty for the facts at the top. */
  readonly title: string;
  readonly lines: readonly Line[];
  /** Code to be copied: it is shown whole, lines of any length, or not at all. */
  readonly isWhole?: true;
}

export interface Line {
  /** `code`: a line of a diff, to be shown as it is. */
  readonly form: 'text' | 'item' | 'code';
  /** What is said of the facts at the top: `Who`; null elsewhere. */
  readonly label: string | null;
  readonly spans: readonly Span[];
  /** 0 is never left out; where the message is too long, the highest number goes first. */
  readonly shed: number;
}

/**
 * `words`: a sentence. `value`: a name or document that others chose, set apart. `command`: what is to be pasted, and so
 * neither cut nor quoted. `link`: an address of ours.
 */
export type Span =
  | { readonly kind: 'words' | 'value' | 'command'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string };
