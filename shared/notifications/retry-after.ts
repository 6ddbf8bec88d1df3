/** The channel is busy, and says when to come again. */
export class RetryAfterError extends Error {
  override name = 'RetryAfterError';
  readonly seconds: number;

  constructor(message: string, seconds: number) {
    super(message);
    this.seconds = seconds;
  }
}
