/** A pattern that EventBridge's PutRule and TestEventPattern refuse; the message is worded as theirs. */
export class InvalidEventPatternError extends Error {
  override name = 'InvalidEventPatternError';

  constructor(reason: string) {
    super(`Event pattern is not valid. Reason: ${reason}`);
  }
}
