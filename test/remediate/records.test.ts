import { describe, expect, it } from 'vitest';

import { anApp, backdoor, putTrust, trustsEc2 } from '../support/app-role.ts';

describe('the ledger', () => {
  it('holds what was there and what is planned before the first change', async () => {
    const app = await anApp();
    const seen: number[] = [];
    app.account.inject({
      operation: 'UpdateAssumeRolePolicy',
      error: 'Throttling',
      when: () => {
        seen.push(app.ledger.incidents().length);
        return false;
      },
    });
    await app.happen(putTrust(backdoor));
    expect(seen).toEqual([1]);
    expect(app.ledger.incidents()).toMatchObject([
      {
        before: { trustPolicy: backdoor },
        plan: [{ action: 'iam:UpdateAssumeRolePolicy' }],
        report: { outcome: 'remediated' },
      },
    ]);
  });

  it('keeps nothing of a role that is in sync', async () => {
    const app = await anApp();
    await app.deliver(putTrust(trustsEc2));
    expect(app.ledger.incidents()).toEqual([]);
  });
});

describe('the log', () => {
  it('can be searched by role and by event', async () => {
    const app = await anApp();
    const event = putTrust(backdoor);
    await app.happen(event);
    const { keys } = app.logs.find(({ message }) => message === 'role reconciled') ?? {};
    expect(keys).toMatchObject({ roleName: 'app', outcome: 'remediated' });
    expect(keys?.['eventIds']).toEqual([event['eventID']]);
  });
});
