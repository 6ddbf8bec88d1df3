import { afterEach, describe, expect, it } from 'vitest';

import { identityProviders } from '../../shared/aspects/identity-providers.ts';
import { trustedProviders } from '../../shared/aspects/trusted-providers.ts';
import type { Json } from '../../shared/model.ts';
import { loadSpec } from '../../shared/spec/load-spec.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { scene, type Scene } from '../support/scene.ts';
import { calling, inTurn } from './tampering.ts';

const oidc = 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com/id/A';
const saml = 'arn:aws:iam::111122223333:saml-provider/workforce';

const trusting = (Federated: Json, Effect = 'Allow') => ({
  Version: '2012-10-17',
  Statement: [{ Effect, Principal: { Federated }, Action: 'sts:AssumeRoleWithWebIdentity' }],
});

const createOidc = calling('CreateOpenIDConnectProvider', {
  url: 'https://oidc.example.com/id/A',
  clientIDList: ['sts.amazonaws.com'],
  thumbprintList: ['1'.repeat(40)],
});
const createSaml = calling('CreateSAMLProvider', { name: 'workforce', sAMLMetadataDocument: '<Ours/>' });
const addClient = anIamEvent('AddClientIDToOpenIDConnectProvider', {
  openIDConnectProviderArn: oidc,
  clientID: 'anyone',
});

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

/** A role that trusts both, looked at once. */
async function aRole(more: Readonly<Record<string, Json>> = {}): Promise<Scene> {
  const trustPolicy = trusting([oidc, saml]);
  const roles = [{ name: 'app', trustPolicy, ...more }];
  const one = await scene(JSON.stringify({ version: 1, defaults: { mode: 'enforce' }, roles }));
  scenes.push(one);
  inTurn(createOidc, createSaml)(one.account);
  one.account.createRole({ roleName: 'app', trustPolicy });
  await touch(one);
  expect(one.reports.splice(0)).toMatchObject([{ outcome: 'in-sync' }]);
  return one;
}

/** Somebody does to the role what it is anyway. */
const touch = (one: Scene) => one.deliver(anIamEvent('UpdateAssumeRolePolicy', { roleName: 'app' }));

describe('the providers that a declared trust policy names', () => {
  it.each([
    [
      'AddClientIDToOpenIDConnectProvider',
      { openIDConnectProviderArn: oidc, clientID: 'anyone' },
      'tokens that oidc.example.com/id/A issues for anyone are now taken: this role may be assumed with them',
    ],
    [
      'UpdateOpenIDConnectProviderThumbprint',
      { openIDConnectProviderArn: oidc, thumbprintList: ['1'.repeat(40), '0'.repeat(40)] },
      `a server with the certificate ${'0'.repeat(40)} can now pass for oidc.example.com/id/A, and let anyone in`,
    ],
    [
      'UpdateSAMLProvider',
      { sAMLProviderArn: saml, sAMLMetadataDocument: '<Mine/>' },
      'whoever holds the keys in the new metadata of workforce can now sign in as anyone',
    ],
  ])('wake it unasked: %s is access gained, told once and left', async (eventName, parameters, text) => {
    const one = await aRole();
    await one.happen(anIamEvent(eventName, parameters));
    expect(one.reports.splice(0)).toMatchObject([
      {
        outcome: 'detected',
        severity: 'high',
        drift: { differences: [{ type: 'NOT_EQUAL', access: { gained: [{ text }], lost: [] } }] },
        changes: [{ outcome: 'held', heldBy: 'spec' }],
      },
    ]);
    await touch(one);
    expect(one.reports).toMatchObject([{ outcome: 'in-sync' }]);
    expect(one.account.calls.filter(({ operation }) => !/^(?:Get|List)/.test(operation))).toEqual([]);
    expect(one.ledger.incidents()).toMatchObject([{ report: { outcome: 'detected' } }]);
  });

  it('are told when they go, and when somebody creates them anew', async () => {
    const one = await aRole();
    await one.happen(anIamEvent('DeleteSAMLProvider', { sAMLProviderArn: saml }));
    await one.happen(
      anIamEvent('CreateSAMLProvider', { name: 'workforce', sAMLMetadataDocument: '<Mine/>' }),
    );
    expect(one.reports).toMatchObject([
      { drift: { differences: [{ type: 'REMOVE', access: { gained: [], lost: [{}] } }] } },
      { drift: { differences: [{ type: 'ADD', access: { gained: [{}], lost: [] } }] }, severity: 'high' },
    ]);
  });

  it('are told though the telling was lost in a crash', async () => {
    const one = await aRole();
    one.failNext('close');
    expect(await one.happen(addClient)).toEqual(['m0']);
    expect(one.reports).toEqual([]);
    await one.deliver(addClient);
    expect(one.reports).toMatchObject([{ outcome: 'detected' }]);
  });

  it('are told along with what is put back in the same look', async () => {
    const one = await aRole({ description: '' });
    calling('UpdateRoleDescription', { roleName: 'app', description: 'mine' })(one.account);
    await one.happen(addClient);
    expect(one.reports.splice(0)[0]?.drift.differences).toMatchObject([
      { aspect: 'description' },
      { aspect: 'identityProviders' },
    ]);
    await touch(one);
    expect(one.reports).toMatchObject([{ outcome: 'in-sync' }]);
  });

  it('need not be there at first sight, as IAM lets them be named all the same', async () => {
    const trustPolicy = trusting(oidc);
    const roles = [{ name: 'app', trustPolicy }];
    const one = await scene(JSON.stringify({ version: 1, roles }));
    scenes.push(one);
    one.account.createRole({ roleName: 'app', trustPolicy });
    await touch(one);
    expect(one.reports).toMatchObject([{ outcome: 'in-sync' }]);
  });

  it('are compared as declared where the role declares them itself', async () => {
    const one = await aRole({ identityProviders: [{ arn: oidc, clientIds: ['sts.amazonaws.com'] }] });
    await one.happen(addClient);
    await touch(one);
    expect(one.reports).toMatchObject([{ outcome: 'detected' }]);
    expect(one.repeats).toMatchObject([{ outcome: 'detected' }]);
  });

  it('are read in the one round in which the role is', async () => {
    const one = await aRole();
    expect(one.account.calls.map(({ operation }) => operation).sort()).toEqual([
      'GetOpenIDConnectProvider',
      'GetRole',
      'GetSAMLProvider',
    ]);
  });
});

describe('which providers a trust policy names', () => {
  const own = 'arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/a.example';

  it('are each told once, with or without variables', () => {
    expect(trustedProviders(trusting([oidc, own, oidc]))).toEqual([oidc, own]);
  });

  it.each([
    ['a provider of AWS’s own', trusting('accounts.google.com')],
    ['one that is denied', trusting(oidc, 'Deny')],
    ['everybody', { Statement: { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' } }],
    ['nothing that can be read', { Statement: [null, 'x', { Effect: 'Allow' }] }],
    ['no document', null],
  ])('are none in %s', (_what, document) => {
    expect(trustedProviders(document)).toEqual([]);
  });

  it('imply no more than that their coming and going is told', () => {
    expect(identityProviders.implied({ trustPolicy: trusting(own) })).toEqual([
      { arn: own, mustExist: false },
    ]);
    expect(identityProviders.implied({})).toBeNull();
  });

  it('are what the function may read of providers', () => {
    const { spec } = loadSpec(
      JSON.stringify({ version: 1, roles: [{ name: 'app', trustPolicy: trusting(own) }] }),
      'roles.yaml',
    );
    const declared = spec?.roles[0]?.aspects['identityProviders']?.declared ?? null;
    expect(identityProviders.readGrants(declared)).toEqual([
      { actions: ['iam:GetOpenIDConnectProvider'], resources: [own] },
    ]);
  });
});
