import { describe, expect, it } from 'vitest';

import { resolveVariables, urlSuffix } from '../../shared/spec/variables.ts';

const ref = { accountId: '012345678901', partition: 'aws-cn' };

describe('resolveVariables', () => {
  it('replaces the variables wherever they stand, in keys too', () => {
    expect(
      resolveVariables(
        {
          'oidc.${AWS::URLSuffix}:sub': ['arn:${AWS::Partition}:iam::${AWS::AccountId}:root', 1, null, true],
        },
        ref,
      ),
    ).toEqual({ 'oidc.amazonaws.com.cn:sub': ['arn:aws-cn:iam::012345678901:root', 1, null, true] });
  });

  it('leaves IAM’s own policy variables as they are', () => {
    const text = '${aws:username} ${aws:PrincipalTag/team} ${AWS::Region} $${AWS::Accountid}';
    expect(resolveVariables(text, ref)).toBe(text);
  });

  it('does not replace what a replacement brings in', () => {
    expect(resolveVariables('${AWS::AccountId}', { ...ref, accountId: '$&${AWS::Partition}' })).toBe(
      '$&${AWS::Partition}',
    );
  });
});

describe('urlSuffix', () => {
  it.each([
    ['aws', 'amazonaws.com'],
    ['aws-us-gov', 'amazonaws.com'],
    ['aws-cn', 'amazonaws.com.cn'],
    ['aws-iso', 'c2s.ic.gov'],
  ])('knows the domain of %s', (partition, suffix) => {
    expect(urlSuffix(partition)).toBe(suffix);
  });
});
