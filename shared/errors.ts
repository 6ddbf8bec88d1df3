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

/**
 * AWS's own code for an error, without the SDK's `Exception` ending: `NoSuchEntity`, `Throttling`, `AccessDenied`.
 * CloudTrail, the wire and the SDK spell the same code differently; this is the spelling of IAM's documentation.
 */
export function awsErrorCode(error: unknown): string {
  return error instanceof Error ? error.name.replace(/Exception$/, '') : 'Unknown';
}

// What IAM and EKS answer when the request itself cannot be carried out, however often it is sent
// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html and its neighbours).
const TERMINAL_CODES = new Set([
  'EntityAlreadyExists',
  'InvalidInput',
  'InvalidParameter',
  'InvalidRequest',
  'LimitExceeded',
  'MalformedPolicyDocument',
  'NoSuchEntity',
  'PolicyNotAttachable',
  'ResourceInUse',
  'ResourceLimitExceeded',
  'ResourceNotFound',
  'UnmodifiableEntity',
  'ValidationError',
]);

/** Throttling, 5xx, timeouts, access denied and whatever is not known: back to the queue. Only what IAM refuses for good is not. */
export function isRetryable(error: unknown): boolean {
  return !(error instanceof TerminalError || TERMINAL_CODES.has(awsErrorCode(error)));
}
