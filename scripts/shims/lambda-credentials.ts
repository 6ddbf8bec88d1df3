// A Lambda function finds its credentials in the environment and nowhere else: SSO, INI files, STS and IMDS stay out of the bundle.
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
