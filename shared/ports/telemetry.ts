/** What operators see of a running function. Messages are constant; what varies stands in the keys. */
export interface Telemetry {
  info(message: string, keys: Readonly<Record<string, unknown>>): void;
  error(message: string, keys: Readonly<Record<string, unknown>>): void;
  /** Adds to a metric. */
  count(metric: string, value: number): void;
  /** Records a duration. */
  milliseconds(metric: string, value: number): void;
}
