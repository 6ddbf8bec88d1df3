import type { PolicyVersion } from '@aws-sdk/client-iam';

import { encodeDocument } from './document.ts';
import { flag, text } from './input.ts';
import { pageOf } from './pagination.ts';
import { acceptManagedDocument, withPolicy } from './policies.ts';
import { requireOwnPolicy, requirePolicy } from './policy-lookup.ts';
import { IamRefusal } from './refusal.ts';
import { read, write, type PolicyRecord, type PolicyVersionRecord } from './state.ts';

const mostVersions = 5;

function requireVersion(policy: PolicyRecord, versionId: string): PolicyVersionRecord {
  const version = policy.versions.find((candidate) => candidate.versionId === versionId);
  if (version === undefined) {
    throw new IamRefusal(
      'NoSuchEntity',
      `Policy ${policy.arn} version ${versionId} does not exist or is not attachable.`,
    );
  }
  return version;
}

function listedVersion({ defaultVersionId }: PolicyRecord, version: PolicyVersionRecord): PolicyVersion {
  return {
    VersionId: version.versionId,
    IsDefaultVersion: version.versionId === defaultVersionId,
    CreateDate: version.createDate,
  };
}

/** A version with its document, as GetPolicyVersion and the authorization details show it. */
export function wholeVersion(policy: PolicyRecord, version: PolicyVersionRecord): PolicyVersion {
  return { ...listedVersion(policy, version), Document: encodeDocument(version.text) };
}

export const policyVersionOperations = {
  CreatePolicyVersion: write((state, input, context) => {
    const policy = requireOwnPolicy(state, input, context);
    const document = acceptManagedDocument(input);
    if (policy.versions.length >= mostVersions) {
      throw new IamRefusal(
        'LimitExceeded',
        `A managed policy can have up to ${mostVersions} versions. Before you create a new version, you must delete an existing version.`,
      );
    }
    const lastVersion = policy.lastVersion + 1;
    const version = { versionId: `v${lastVersion}`, text: document, createDate: context.now };
    const updated: PolicyRecord = {
      ...policy,
      versions: [...policy.versions, version],
      lastVersion,
      updateDate: context.now,
      defaultVersionId: flag(input, 'SetAsDefault') ? version.versionId : policy.defaultVersionId,
    };
    return { state: withPolicy(state, updated), output: { PolicyVersion: listedVersion(updated, version) } };
  }),

  GetPolicyVersion: read((state, input, context) => {
    const policy = requirePolicy(state, input, context);
    return { PolicyVersion: wholeVersion(policy, requireVersion(policy, text(input, 'VersionId'))) };
  }),

  ListPolicyVersions: read((state, input, context) => {
    const policy = requirePolicy(state, input, context);
    const { items, rest } = pageOf(policy.versions.toReversed(), input);
    return { Versions: items.map((version) => listedVersion(policy, version)), ...rest };
  }),

  SetDefaultPolicyVersion: write((state, input, context) => {
    const policy = requireOwnPolicy(state, input, context);
    const { versionId } = requireVersion(policy, text(input, 'VersionId'));
    return {
      state: withPolicy(state, { ...policy, defaultVersionId: versionId, updateDate: context.now }),
    };
  }),

  DeletePolicyVersion: write((state, input, context) => {
    const policy = requireOwnPolicy(state, input, context);
    const { versionId } = requireVersion(policy, text(input, 'VersionId'));
    if (versionId === policy.defaultVersionId) {
      throw new IamRefusal('DeleteConflict', 'Cannot delete the default version of a policy.');
    }
    const versions = policy.versions.filter((version) => version.versionId !== versionId);
    return { state: withPolicy(state, { ...policy, versions }) };
  }),
};
