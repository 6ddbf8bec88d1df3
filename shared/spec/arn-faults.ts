import awsManagedPolicyNames from './aws-managed-policies.json' with { type: 'json' };
import { didYouMean } from './did-you-mean.ts';
import type { JsonText } from './json-texts.ts';
import { type FaultDraft, quote } from './spec-fault.ts';

// The SDK's endpoint data list the same partitions.
const partitions = [
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-eusc',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
];

const PARTITION = '${AWS::Partition}';
const ACCOUNT = '${AWS::AccountId}';

/** ARNs of one role that cannot be right, one by one. `texts` are all texts of its declaration. */
export function* arnFaults(texts: readonly JsonText[]): Generator<FaultDraft> {
  let first: string | undefined;
  for (const { path, text, isKey } of texts) {
    if (!text.startsWith('arn:')) continue;
    const arn = parseArn(text);
    const problem = arn === null ? malformed(text) : problemOf(text, arn, first);
    if (problem !== null) yield { path, atKey: isKey, ...problem };
    first ??= partitions.find((partition) => partition === arn?.partition);
  }
}

interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

type Problem = Pick<FaultDraft, 'message' | 'remedy'>;

function parseArn(text: string): Arn | null {
  // Variables hold colons themselves.
  const parts = text.split(/:(?![^${}]*\})/);
  const [, partition, service, region, account, ...resource] = parts;
  if (partition === undefined || service === undefined || region === undefined || account === undefined)
    return null;
  return resource.length === 0 ? null : { partition, service, region, account, resource: resource.join(':') };
}

function malformed(text: string): Problem | null {
  // A pattern in a condition, such as "arn:*", may stand for the rest.
  if (/[*?]/.test(text)) return null;
  return {
    message: `${quote(text)} is not a whole ARN`,
    remedy: 'an ARN is arn:partition:service:region:account:resource; for IAM the region stays empty',
  };
}

function problemOf(text: string, arn: Arn, firstPartition: string | undefined): Problem | null {
  return (
    partitionProblem(text, arn, firstPartition) ?? (arn.service === 'iam' ? iamProblem(text, arn) : null)
  );
}

function partitionProblem(text: string, { partition }: Arn, first: string | undefined): Problem | null {
  if (partition === PARTITION || /[*?]/.test(partition)) return null;
  if (!partitions.includes(partition))
    return {
      message: `${quote(text)}: there is no partition ${quote(partition)}`,
      remedy: `write ${PARTITION}, or ${didYouMean(partition, partitions) ?? 'aws'}`,
    };
  if (first === undefined || first === partition) return null;
  return {
    message: `${quote(text)} is in partition ${partition}, and this role is in ${first} by another ARN: IAM never reaches across partitions`,
    remedy: `write ${PARTITION} in all of them, or the right partition`,
  };
}

function iamProblem(text: string, { region, account, resource }: Arn): Problem | null {
  if (region !== '')
    return {
      message: `${quote(text)} names a region, and IAM is global`,
      remedy: 'leave the region empty: two colons after "iam"',
    };
  if (account === 'aws') return awsManagedProblem(text, resource);
  if (account === ACCOUNT || /^\d{12}$/.test(account) || /[*?]/.test(account)) return null;
  return {
    message: `${quote(text)}: ${account === '' ? 'the account is missing' : `${quote(account)} is no account id, which has 12 digits`}`,
    remedy: `write ${ACCOUNT}, or the 12 digits with their leading zeros; policies of AWS have "aws" there`,
  };
}

const awsManagedPolicies: ReadonlySet<string> = new Set(awsManagedPolicyNames);
const byBareName = new Map(awsManagedPolicyNames.map((name) => [bareName(name).toLowerCase(), name]));

function awsManagedProblem(text: string, resource: string): Problem | null {
  if (!resource.startsWith('policy/') || /[*?]/.test(resource)) return null;
  const name = resource.slice('policy/'.length);
  if (awsManagedPolicies.has(name)) return null;
  const prefix = text.slice(0, text.length - name.length);
  const meant = byBareName.get(bareName(name).toLowerCase());
  if (meant !== undefined)
    return {
      message: `there is no AWS managed policy ${quote(name)}, but there is ${quote(meant)}: path and case belong to the ARN`,
      remedy: `write ${prefix}${meant}`,
    };
  const near = didYouMean(bareName(name), byBareName.keys());
  const nearName = near === null ? undefined : byBareName.get(near);
  return {
    message: `there is no AWS managed policy ${quote(name)}`,
    remedy:
      nearName === undefined
        ? 'look it up in the AWS Managed Policy Reference Guide; if AWS has published it lately, use a newer version of iam-drift-remediator'
        : `did you mean ${prefix}${nearName}?`,
  };
}

function bareName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
