import { describe, expect, it } from 'vitest';

import { eventLink, roleLink } from '../../shared/notifications/console-links.ts';
import { aCause, aReport } from '../support/reports.ts';

const inPartition = (partition: string) =>
  aReport({
    role: {
      accountId: '111122223333',
      roleName: 'deploy',
      arn: `arn:${partition}:iam::111122223333:role/deploy`,
    },
  });

describe('console links', () => {
  it.each([
    ['aws', 'https://console.aws.amazon.com/iam/home#/roles/details/deploy'],
    ['aws-cn', 'https://console.amazonaws.cn/iam/home#/roles/details/deploy'],
    ['aws-us-gov', 'https://console.amazonaws-us-gov.com/iam/home#/roles/details/deploy'],
  ])('lead to the console of %s', (partition, url) => {
    expect(roleLink(inPartition(partition))).toBe(url);
  });

  it('are left out where a partition has no public console', () => {
    expect(roleLink(inPartition('aws-iso'))).toBeNull();
  });

  it('tell the partition of a role that was not read by the region of its event', () => {
    const report = aReport({
      role: { accountId: '111122223333', roleName: 'deploy', arn: null },
      causes: [aCause({ region: 'cn-north-1' })],
    });
    expect(eventLink(report, aCause({ eventId: 'e-1', region: 'cn-north-1' }))).toBe(
      'https://console.amazonaws.cn/cloudtrailv2/home?region=cn-north-1#/events/e-1',
    );
  });

  it('cannot be led elsewhere by a name', () => {
    const report = aReport({
      role: { accountId: '1', roleName: '../../@evil.example/?x#y', arn: 'arn:aws:iam::1:role/x' },
    });
    expect(roleLink(report)).toBe(
      'https://console.aws.amazon.com/iam/home#/roles/details/..%2F..%2F%40evil.example%2F%3Fx%23y',
    );
  });

  it('are left out where a name is too long for an address', () => {
    const report = aReport({ role: { accountId: '1', roleName: '/'.repeat(1000), arn: null } });
    expect(roleLink(report)).toBeNull();
  });
});
