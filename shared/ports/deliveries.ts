/**
 * Which reports each channel has told. A channel records a report after the channel has taken it, so a crash in between
 * tells it once more, under the same id; nothing is lost. Every implementation passes `test/support/deliveries-contract.ts`.
 */
export interface Deliveries {
  /** Those of the reports that the channel has told already. */
  told(channel: string, reportIds: readonly string[]): Promise<ReadonlySet<string>>;
  record(channel: string, reportIds: readonly string[]): Promise<void>;
}
