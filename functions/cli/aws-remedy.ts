import { awsErrorCode } from '../../shared/errors.ts';
import { UsageError } from './usage-error.ts';

const logIn = 'log in (aws sso login), or name a profile with AWS_PROFILE';

const remedies = new Map([
  ['CredentialsProviderError', `no AWS credentials are found: ${logIn}`],
  ['TokenProviderError', `the AWS session is over: ${logIn}`],
  ['ExpiredToken', `the AWS credentials have expired: ${logIn}`],
  ['UnrecognizedClient', `AWS does not know these credentials: ${logIn}`],
  ['InvalidClientTokenId', `AWS does not know these credentials: ${logIn}`],
]);

/** What the person at the terminal can mend, in words; any other error as it is. */
export function withRemedy(error: unknown): unknown {
  const remedy = remedies.get(awsErrorCode(error));
  return remedy === undefined ? error : new UsageError(remedy, { cause: error });
}
