/** Retrying cannot help: acknowledged, counted, reported. Everything else goes back to the queue. */
export class TerminalError extends Error {
  override name = 'TerminalError';
}

/** The spec cannot be used. The message holds every fault, one a line. */
export class InvalidSpecError extends TerminalError {
  override name = 'InvalidSpecError';
}

/** A text that is no policy document. `place` is a path into the document, such as `Statement[0].Principal`. */
export class MalformedPolicyError extends TerminalError {
  override name = 'MalformedPolicyError';
  readonly place: string;

  constructor(message: string, place: string, options?: ErrorOptions) {
    super(place === '' ? message : `${place}: ${message}`, options);
    this.place = place;
  }
}

/**
 * A message that cannot be read as a CloudTrail event. Not a TerminalError on purpose: nobody knows which role it meant,
 * so it must end in the dead-letter queue, where its alarm is, and not be acknowledged.
 */
export class UnreadableEventError extends Error {
  override name = 'UnreadableEventError';
}
