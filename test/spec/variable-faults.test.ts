import { describe, expect, it } from 'vitest';

import { faultsOfRoles } from './support.ts';

const principal = (text: string) =>
  faultsOfRoles(
    '- name: a',
    `  trustPolicy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::123456789012:root"}, Action: "sts:AssumeRole", Condition: {StringLike: {"aws:PrincipalArn": ${JSON.stringify(text)}}}}]}`,
  );

describe('variables', () => {
  it.each([
    ['${AWS::AccountID}', 'unknown variable "${AWS::AccountID}"'],
    ['${AWS::Region}', 'unknown variable "${AWS::Region}"'],
    ['${AWS:AccountId}', 'unknown variable "${AWS:AccountId}"'],
    ['${aws::partition}', 'unknown variable "${aws::partition}"'],
    ['x${AWS::AccountId', 'the variable "${AWS::AccountId" is not closed'],
  ])('%s: %s', (text, message) => {
    expect(principal(text).map((fault) => fault.slice(fault.indexOf(': ') + 2))).toEqual([message]);
  });

  it.each([
    '${AWS::AccountId}-${AWS::Partition}.${AWS::URLSuffix}',
    '${aws:username}',
    '${aws:PrincipalTag/x}',
    '$',
  ])('%s passes', (text) => {
    expect(principal(text)).toEqual([]);
  });
});
