/**
 * For a client in the notify function: a service that hangs must not use up the time of the other channels. What is not
 * taken in this time comes again by the queue.
 */
export const inShortTime = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
} as const;

/** Where it is not the region of the environment. */
export interface AwsRegion {
  readonly region?: string;
}
