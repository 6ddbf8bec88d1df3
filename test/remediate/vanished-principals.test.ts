import { describe, expect, it, onTestFinished } from 'vitest';

import { aSpec, backdoor, managed, putTrust, trusting } from '../support/app-role.ts';
import { scene, type Scene } from '../support/scene.ts';

describe('a declared principal that no longer exists', () => {
  const trustsTwo = trusting({
    AWS: ['arn:aws:iam::111122223333:role/deployer', 'arn:aws:iam::111122223333:role/auditor'],
  });
  async function withDeployers(): Promise<Scene> {
    const one = await scene(aSpec({ trustPolicy: trustsTwo }));
    onTestFinished(async () => one.close());
    one.account.ensurePrincipals(trustsTwo);
    one.account.createRole({
      roleName: 'app',
      trustPolicy: trustsTwo,
      managedPolicies: [managed('ReadOnlyAccess')],
    });
    return one;
  }

  it('does not keep a backdoor open: the rest of the document is put', async () => {
    const app = await withDeployers();
    app.account.removePrincipal('arn:aws:iam::111122223333:role/deployer');
    await app.happen(putTrust(backdoor));
    expect(app.account.role('app')?.trustPolicy).toEqual(
      trusting({ AWS: ['arn:aws:iam::111122223333:role/auditor'] }),
    );
    expect(app.reports).toMatchObject([
      { outcome: 'partly-remediated', verified: true, exposure: { from: '2026-03-02T10:00:00Z' } },
    ]);
    expect(app.reports[0]?.nextSteps.join()).toContain('role/deployer');
  });

  it('denies everyone when no declared principal is left', async () => {
    const app = await withDeployers();
    app.account.removePrincipal('arn:aws:iam::111122223333:role/deployer');
    app.account.removePrincipal('arn:aws:iam::111122223333:role/auditor');
    await app.happen(putTrust(backdoor));
    expect(app.account.role('app')?.trustPolicy).toMatchObject({
      Statement: [{ Effect: 'Deny', Principal: { AWS: '*' } }],
    });
  });

  it('that IAM shows by its unique id, though it exists, is no drift', async () => {
    const app = await withDeployers();
    const id = app.account.role('deployer')?.roleId ?? '';
    // As IAM shows it for some seconds after `deployer` was created.
    app.account.createRole({
      roleName: 'app',
      trustPolicy: trusting({ AWS: [id, 'arn:aws:iam::111122223333:role/auditor'] }),
      managedPolicies: [managed('ReadOnlyAccess')],
    });
    await app.deliver(putTrust(trustsTwo));
    expect(app.reports).toMatchObject([{ outcome: 'in-sync' }]);
  });

  it('that was deleted and recreated is drift: the id is of another role', async () => {
    const app = await withDeployers();
    app.account.removePrincipal('arn:aws:iam::111122223333:role/deployer');
    app.account.ensurePrincipals(trustsTwo);
    await app.deliver(putTrust(trustsTwo));
    expect(app.reports).toMatchObject([{ outcome: 'remediated', verified: true }]);
    expect(app.reports[0]?.drift.differences[0]?.access.lost[0]?.text).toContain('deleted (or recreated)');
    expect(app.account.role('app')?.trustPolicy).toEqual(trustsTwo);
  });

  it('is trusted again once it is back', async () => {
    const app = await withDeployers();
    app.account.removePrincipal('arn:aws:iam::111122223333:role/deployer');
    await app.happen(putTrust(backdoor));
    app.account.ensurePrincipals(trustsTwo);
    await app.deliver(putTrust(backdoor));
    expect(app.reports[1]).toMatchObject({ outcome: 'remediated', verified: true });
    expect(app.account.role('app')?.trustPolicy).toEqual(trustsTwo);
  });
});
