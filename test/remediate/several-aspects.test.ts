import { afterEach, describe, expect, it } from 'vitest';

import type { JsonObject } from '../../shared/model.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { scene, type Scene } from '../support/scene.ts';

const trustPolicy: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

/** A role that says `old` of itself, lasts two hours and lives under `/apps/`, declared as `declaration` says. */
async function anApp(declaration: JsonObject): Promise<Scene> {
  const roles = [{ name: 'app', path: '/apps/', ...declaration }];
  const one = await scene(JSON.stringify({ version: 1, defaults: { mode: 'enforce' }, roles }));
  scenes.push(one);
  one.account.createRole({
    roleName: 'app',
    path: '/apps/',
    trustPolicy,
    description: 'old',
    maxSessionDuration: 7200,
    tags: { a: '1', b: '2', c: '3' },
  });
  return one;
}

const look = (app: Scene) => app.deliver(anIamEvent('UpdateRole', { roleName: 'app' }));
const writes = ({ account }: Scene) =>
  account.calls.filter(({ operation }) => !/^(Get|List)/.test(operation)).map(({ operation }) => operation);

describe('one call for several differences', () => {
  it('description and session duration are put back together', async () => {
    const app = await anApp({ description: 'new', maxSessionDuration: 3600 });
    await look(app);
    expect(writes(app)).toEqual(['UpdateRole']);
    expect(app.account.role('app')).toMatchObject({ description: 'new', maxSessionDuration: 3600 });
    expect(app.reports).toMatchObject([
      {
        outcome: 'remediated',
        verified: true,
        changes: [
          { aspect: 'maxSessionDuration', outcome: 'applied' },
          { aspect: 'description', outcome: 'applied' },
        ],
      },
    ]);
  });

  it('tags are put back together', async () => {
    const app = await anApp({ tags: { a: '1', b: 'x', d: '4' } });
    await look(app);
    expect(writes(app)).toEqual(['TagRole']);
    expect(app.account.role('app')?.tags).toEqual({ a: '1', b: 'x', c: '3', d: '4' });
    expect(app.reports).toMatchObject([
      { outcome: 'remediated', verified: true, changes: [{ outcome: 'applied' }, { outcome: 'applied' }] },
    ]);
  });

  it('that IAM refuses has failed for each of them, and was tried once', async () => {
    const app = await anApp({ description: 'new', maxSessionDuration: 3600 });
    app.account.inject({ operation: 'UpdateRole', error: 'UnmodifiableEntity', times: Infinity });
    await look(app);
    expect(writes(app)).toEqual(['UpdateRole']);
    expect(app.reports).toMatchObject([
      { outcome: 'failed', changes: [{ outcome: 'failed' }, { outcome: 'failed' }] },
    ]);
  });
});

describe('access that must go and is still there', () => {
  it('keeps back what would give access, and nothing else', async () => {
    const app = await anApp({ trustPolicy, description: 'new', tags: { d: '4' } });
    const backdoor = { Effect: 'Allow', Principal: { AWS: '999988887777' }, Action: 'sts:AssumeRole' };
    app.account.inject({ operation: 'UpdateAssumeRolePolicy', error: 'UnmodifiableEntity' });
    app.account.apply({
      eventName: 'UpdateAssumeRolePolicy',
      requestParameters: {
        roleName: 'app',
        policyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [backdoor] }),
      },
    });
    await look(app);
    expect(app.reports).toMatchObject([
      {
        changes: [
          { aspect: 'trustPolicy', outcome: 'failed' },
          { aspect: 'description', outcome: 'applied' },
          { aspect: 'tags', outcome: 'held', heldBy: 'closeFirst' },
        ],
      },
    ]);
  });
});

describe('UpdateRole resets what it is not told', () => {
  it('an undeclared session duration stays as it is', async () => {
    const app = await anApp({ description: 'new' });
    await look(app);
    expect(app.account.role('app')).toMatchObject({ description: 'new', maxSessionDuration: 7200 });
  });

  it('an undeclared description stays as it is', async () => {
    const app = await anApp({ maxSessionDuration: 3600 });
    await look(app);
    expect(app.account.role('app')).toMatchObject({ description: 'old', maxSessionDuration: 3600 });
  });

  it('a session duration that is only watched is not put back by the description’s call', async () => {
    const app = await anApp({
      description: 'new',
      maxSessionDuration: 3600,
      modes: { maxSessionDuration: 'detect' },
    });
    await look(app);
    expect(app.account.role('app')).toMatchObject({ description: 'new', maxSessionDuration: 7200 });
    expect(app.reports).toMatchObject([{ outcome: 'partly-remediated', verified: true }]);
  });
});

describe('a role under another path', () => {
  it('is told with the reason that it cannot be moved, and no call is made', async () => {
    const app = await anApp({ path: '/teams/', description: 'old' });
    await look(app);
    expect(writes(app)).toEqual([]);
    expect(app.reports).toMatchObject([
      {
        outcome: 'detected',
        severity: 'low',
        drift: { differences: [{ path: 'path', type: 'NOT_EQUAL', expected: '/teams/', actual: '/apps/' }] },
        changes: [{ outcome: 'held', heldBy: 'spec' }],
      },
    ]);
    expect(app.reports[0]?.changes[0]?.reason).toContain('cannot be changed');
  });

  it('is put right in all else', async () => {
    const app = await anApp({ path: '/', description: 'new' });
    await look(app);
    expect(app.account.role('app')).toMatchObject({ path: '/apps/', description: 'new' });
    expect(app.reports).toMatchObject([{ outcome: 'partly-remediated', verified: true }]);
  });
});
