import { describe, expect, it } from 'vitest';

import { presets } from '../../shared/presets/index.ts';
import { textsIn } from '../../shared/spec/json-texts.ts';
import { resolveVariables } from '../../shared/spec/variables.ts';
import { load } from './support.ts';

/** Evidence for each is in docs/presets.md. */
const servicePrincipals: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'aws-cn': { 'ec2.amazonaws.com': 'ec2.amazonaws.com.cn' },
};

const catalogue = presets.map((preset) => ({
  name: preset.name,
  aspects: preset.expand(preset.example.params ?? {}),
}));

function principalsIn(partition: string, aspects: (typeof catalogue)[number]['aspects']): readonly string[] {
  const resolved = resolveVariables(aspects, { accountId: '123456789012', partition });
  return textsIn(resolved)
    .filter(({ path }) => path.at(-1) === 'Service' && path.includes('trustPolicy'))
    .map(({ text }) => text);
}

describe.each(['aws', 'aws-cn', 'aws-us-gov'])('in partition %s', (partition) => {
  const ref = { accountId: '123456789012', partition };

  it.each(catalogue)('$name has its ARNs, and no variable is left', ({ aspects }) => {
    const texts = textsIn(resolveVariables(aspects, ref)).map(({ text }) => text);
    expect(texts.filter((text) => text.includes('${AWS::'))).toEqual([]);
    const arns = texts.filter((text) => text.startsWith('arn:'));
    for (const arn of arns) expect(arn.split(':')[1]).toBe(partition);
  });

  it.each(catalogue)('$name trusts the service under the name that it has there', ({ aspects }) => {
    const names = servicePrincipals[partition] ?? {};
    expect(principalsIn(partition, aspects)).toEqual(
      principalsIn('aws', aspects).map((principal) => names[principal] ?? principal),
    );
  });

  it.each(presets)('$name can be declared', ({ name, example }) => {
    const params: unknown = JSON.parse(
      JSON.stringify(example.params ?? {}).replaceAll('${AWS::Partition}', partition),
    );
    expect(load(name, params).faults).toEqual([]);
  });
});

function audiences(name: string, params: object, partition: string): readonly string[] {
  const aspects = presets.find((preset) => preset.name === name)?.expand(params) ?? null;
  return textsIn(resolveVariables(aspects, { accountId: '123456789012', partition }))
    .filter(({ path, isKey }) => !isKey && String(path.at(-1)).endsWith(':aud'))
    .map(({ text }) => text);
}

describe('OIDC audiences', () => {
  it.each([
    ['aws', 'sts.amazonaws.com'],
    ['aws-us-gov', 'sts.amazonaws.com'],
    ['aws-cn', 'sts.amazonaws.com.cn'],
  ])('in %s GitHub’s action asks for %s', (partition, audience) => {
    const params = { repository: 'o/r', branch: 'main' };
    expect(audiences('github-actions-deployer', params, partition)).toEqual([audience]);
  });

  it.each(['aws', 'aws-us-gov', 'aws-cn'])('in %s IRSA asks for sts.amazonaws.com', (partition) => {
    const oidcProvider = 'oidc.eks.cn-north-1.amazonaws.com.cn/id/EXAMPLE';
    expect(audiences('eks-vpc-cni', { oidcProvider }, partition)).toEqual(['sts.amazonaws.com']);
  });
});
