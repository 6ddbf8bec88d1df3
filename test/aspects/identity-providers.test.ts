import { createHash } from 'node:crypto';

import { afterEach, describe, expect, it } from 'vitest';

import { identityProviders } from '../../shared/aspects/identity-providers.ts';
import type { Json, JsonObject } from '../../shared/model.ts';
import { describeAspect } from '../support/aspect-contract.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { scene, type Scene } from '../support/scene.ts';
import { calling, inTurn } from './tampering.ts';

const oidc = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';
const saml = 'arn:aws:iam::111122223333:saml-provider/workforce';
const thumbprint = '6938fd4d98bab03faadb97b34396831e3780aea1';
const metadata = '<EntityDescriptor/>';
const declared = [
  { arn: oidc, clientIds: ['sts.amazonaws.com'], thumbprints: [thumbprint] },
  { arn: saml, metadataSha256: createHash('sha256').update(metadata).digest('hex') },
];

const createOidc = calling('CreateOpenIDConnectProvider', {
  url: 'https://token.actions.githubusercontent.com',
  clientIDList: ['sts.amazonaws.com'],
  thumbprintList: [thumbprint],
});
const createSaml = calling('CreateSAMLProvider', { name: 'workforce', sAMLMetadataDocument: metadata });
const addClient = { openIDConnectProviderArn: oidc, clientID: 'anyone' };

// What is drift is told and not reverted: see below.
describeAspect(identityProviders, {
  declared,
  inSync: inTurn(createOidc, createSaml),
  drifted: {},
  equivalents: {
    'thumbprints in capitals': calling('UpdateOpenIDConnectProviderThumbprint', {
      openIDConnectProviderArn: oidc,
      thumbprintList: [thumbprint.toUpperCase()],
    }),
    'a client id added and removed': inTurn(
      calling('AddClientIDToOpenIDConnectProvider', addClient),
      calling('RemoveClientIDFromOpenIDConnectProvider', addClient),
    ),
  },
});

const trustPolicy: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

const scenes: Scene[] = [];
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((one) => one.close()));
});

async function aRole(providers: Json = declared): Promise<Scene> {
  const roles = [{ name: 'app', identityProviders: providers }];
  const one = await scene(JSON.stringify({ version: 1, defaults: { mode: 'enforce' }, roles }));
  scenes.push(one);
  one.account.createRole({ roleName: 'app', trustPolicy });
  inTurn(createOidc, createSaml)(one.account);
  return one;
}

describe('identity providers', () => {
  it.each([
    [
      'AddClientIDToOpenIDConnectProvider',
      addClient,
      'tokens that token.actions.githubusercontent.com issues for anyone are now taken: this role may be assumed with them',
    ],
    [
      'UpdateOpenIDConnectProviderThumbprint',
      { openIDConnectProviderArn: oidc, thumbprintList: [thumbprint, '0'.repeat(40)] },
      `a server with the certificate ${'0'.repeat(40)} can now pass for token.actions.githubusercontent.com, and let anyone in`,
    ],
    [
      'UpdateSAMLProvider',
      { sAMLProviderArn: saml, sAMLMetadataDocument: '<EntityDescriptor entityID="mine"/>' },
      'whoever holds the keys in the new metadata of workforce can now sign in as anyone',
    ],
  ])('%s is access gained: told, and left as it is', async (eventName, parameters, text) => {
    const one = await aRole();
    await one.happen(anIamEvent(eventName, parameters));
    expect(one.reports).toMatchObject([
      {
        role: { roleName: 'app' },
        outcome: 'detected',
        severity: 'high',
        drift: { differences: [{ access: { gained: [{ text }], lost: [] } }] },
        changes: [{ outcome: 'held', heldBy: 'spec' }],
      },
    ]);
    expect(one.account.calls.filter(({ operation }) => !operation.startsWith('Get'))).toEqual([]);
  });

  it.each([
    ['DeleteOpenIDConnectProvider', { openIDConnectProviderArn: oidc }],
    ['DeleteSAMLProvider', { sAMLProviderArn: saml }],
  ])('%s is access lost', async (eventName, parameters) => {
    const one = await aRole();
    await one.happen(anIamEvent(eventName, parameters));
    expect(one.reports[0]?.drift.differences).toMatchObject([
      { type: 'REMOVE', access: { gained: [], lost: [{}] } },
    ]);
  });

  it('one that is created is looked at by its URL or its name', async () => {
    const one = await aRole();
    calling('DeleteOpenIDConnectProvider', { openIDConnectProviderArn: oidc })(one.account);
    await one.happen(
      anIamEvent('CreateOpenIDConnectProvider', {
        url: 'https://token.actions.githubusercontent.com',
        clientIDList: ['anyone'],
      }),
    );
    expect(one.reports).toMatchObject([{ role: { roleName: 'app' }, outcome: 'detected' }]);
  });

  it('of which nothing more is declared need only be there', async () => {
    const one = await aRole([oidc, saml]);
    await one.happen(anIamEvent('AddClientIDToOpenIDConnectProvider', addClient));
    expect(one.reports).toMatchObject([{ outcome: 'in-sync' }]);
  });

  it('that nobody declares wake nobody', async () => {
    const one = await aRole([saml]);
    await one.happen(anIamEvent('AddClientIDToOpenIDConnectProvider', addClient));
    expect(one.reports).toEqual([]);
  });

  it('have what belongs to their kind', () => {
    expect(identityProviders.faults([{ arn: saml, clientIds: ['a'] }])).toMatchObject([
      { path: [0, 'clientIds'], message: 'clientIds says nothing about a SAML provider' },
    ]);
  });

  it('are never written', () => {
    expect(identityProviders.grants(declared)).toEqual([]);
  });
});
