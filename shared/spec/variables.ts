import type { Json, RoleRef } from '../model.ts';
import { isList } from './json-shape.ts';

/** The variables that a spec may use, in CloudFormation's words. */
export const variables = ['AWS::AccountId', 'AWS::Partition', 'AWS::URLSuffix'] as const;

const reference = /\$\{(AWS::(?:AccountId|Partition|URLSuffix))\}/g;

// As CloudFormation's pseudo parameter AWS::URLSuffix gives them; the SDK's endpoint data hold the same domains.
const urlSuffixes: ReadonlyMap<string, string> = new Map([
  ['aws-cn', 'amazonaws.com.cn'],
  ['aws-iso', 'c2s.ic.gov'],
  ['aws-iso-b', 'sc2s.sgov.gov'],
  ['aws-iso-e', 'cloud.adc-e.uk'],
  ['aws-iso-f', 'csp.hci.ic.gov'],
  ['aws-eusc', 'amazonaws.eu'],
]);

/**
 * The domain of a partition's services, such as `amazonaws.com.cn` in `aws-cn`. Not how service principals end: that depends
 * on the service as well, see docs/presets.md.
 */
export function urlSuffix(partition: string): string {
  return urlSuffixes.get(partition) ?? 'amazonaws.com';
}

/** The text with the variables replaced. Anything else in `${…}`, such as IAM's own `${aws:username}`, stays as it is. */
export function resolveText(text: string, ref: Pick<RoleRef, 'accountId' | 'partition'>): string {
  const values = new Map<string, string>([
    ['AWS::AccountId', ref.accountId],
    ['AWS::Partition', ref.partition],
    ['AWS::URLSuffix', urlSuffix(ref.partition)],
  ]);
  return text.replaceAll(reference, (whole, name: string) => values.get(name) ?? whole);
}

/** The same JSON with the variables replaced, in members' names too (an OIDC condition key holds a domain). */
export function resolveVariables(value: Json, ref: Pick<RoleRef, 'accountId' | 'partition'>): Json {
  if (typeof value === 'string') return resolveText(value, ref);
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map((member) => resolveVariables(member, ref));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [resolveText(key, ref), resolveVariables(member, ref)]),
  );
}
