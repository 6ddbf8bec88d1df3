import { text, optionalText, texts } from './input.ts';
import type { JsonObject } from '../model.ts';
import { IamRefusal } from './refusal.ts';
import {
  read,
  withEntry,
  withoutEntry,
  write,
  type AccountState,
  type IdentityProviderRecord,
} from './state.ts';

export function withProvider(state: AccountState, provider: IdentityProviderRecord): AccountState {
  return { ...state, identityProviders: withEntry(state.identityProviders, provider.arn, provider) };
}

/** By either of the two parameters that name one. */
function requireProvider(state: AccountState, input: JsonObject): IdentityProviderRecord {
  const arn = optionalText(input, 'OpenIDConnectProviderArn') ?? text(input, 'SAMLProviderArn');
  const provider = state.identityProviders.get(arn);
  if (provider !== undefined) return provider;
  throw new IamRefusal(
    'NoSuchEntity',
    arn.includes(':saml-provider/')
      ? `Could not find SAMLProvider ${arn}`
      : `OpenIDConnect Provider not found for arn ${arn}`,
  );
}

function refuseSame(state: AccountState, arn: string): void {
  if (state.identityProviders.has(arn))
    throw new IamRefusal('EntityAlreadyExists', `Provider with ARN ${arn} already exists.`);
}

const remove = write((state, input) => {
  const { arn } = requireProvider(state, input);
  return { state: { ...state, identityProviders: withoutEntry(state.identityProviders, arn) } };
});

export const identityProviderOperations = {
  CreateOpenIDConnectProvider: write((state, input, { accountId, partition, now }) => {
    const url = text(input, 'Url').replace(/^https:\/\//, '');
    const arn = `arn:${partition}:iam::${accountId}:oidc-provider/${url}`;
    refuseSame(state, arn);
    const provider: IdentityProviderRecord = {
      arn,
      clientIds: texts(input, 'ClientIDList'),
      thumbprints: texts(input, 'ThumbprintList'),
      metadata: '',
      createDate: now,
    };
    return { state: withProvider(state, provider), output: { OpenIDConnectProviderArn: arn } };
  }),

  GetOpenIDConnectProvider: read((state, input) => {
    const { arn, clientIds, thumbprints, createDate } = requireProvider(state, input);
    return {
      Url: arn.slice(arn.indexOf('/') + 1),
      ClientIDList: clientIds,
      ThumbprintList: thumbprints,
      CreateDate: createDate,
    };
  }),

  DeleteOpenIDConnectProvider: remove,

  AddClientIDToOpenIDConnectProvider: write((state, input) => {
    const provider = requireProvider(state, input);
    const clientIds = [...new Set([...provider.clientIds, text(input, 'ClientID')])];
    return { state: withProvider(state, { ...provider, clientIds }) };
  }),

  RemoveClientIDFromOpenIDConnectProvider: write((state, input) => {
    const provider = requireProvider(state, input);
    const clientIds = provider.clientIds.filter((id) => id !== text(input, 'ClientID'));
    return { state: withProvider(state, { ...provider, clientIds }) };
  }),

  UpdateOpenIDConnectProviderThumbprint: write((state, input) => {
    const provider = requireProvider(state, input);
    return { state: withProvider(state, { ...provider, thumbprints: texts(input, 'ThumbprintList') }) };
  }),

  CreateSAMLProvider: write((state, input, { accountId, partition, now }) => {
    const arn = `arn:${partition}:iam::${accountId}:saml-provider/${text(input, 'Name')}`;
    refuseSame(state, arn);
    const provider: IdentityProviderRecord = {
      arn,
      clientIds: [],
      thumbprints: [],
      metadata: text(input, 'SAMLMetadataDocument'),
      createDate: now,
    };
    return { state: withProvider(state, provider), output: { SAMLProviderArn: arn } };
  }),

  GetSAMLProvider: read((state, input) => {
    const { metadata, createDate } = requireProvider(state, input);
    return { SAMLMetadataDocument: metadata, CreateDate: createDate };
  }),

  UpdateSAMLProvider: write((state, input) => {
    const provider = requireProvider(state, input);
    const metadata = optionalText(input, 'SAMLMetadataDocument') ?? provider.metadata;
    return {
      state: withProvider(state, { ...provider, metadata }),
      output: { SAMLProviderArn: provider.arn },
    };
  }),

  DeleteSAMLProvider: remove,
};
