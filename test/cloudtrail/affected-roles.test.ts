import { describe, expect, it } from 'vitest';

import { affectedRoles, policyToAskFor } from '../../shared/cloudtrail/affected-roles.ts';
import { parseIamEvent } from '../../shared/cloudtrail/parse-event.ts';
import type { IamChangeEvent, JsonObject } from '../../shared/model.ts';
import { formatFault, loadSpec } from '../../shared/spec/load-spec.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';

const text = `
version: 1
roles:
  - { name: web, instanceProfile: web-nodes }
  - { name: db, instanceProfile: db-nodes }
  - { name: '*', description: any }
`;

function rolesOf(eventName: string, parameters: JsonObject): readonly string[] {
  const { spec, faults } = loadSpec(text, 'roles.yaml');
  if (spec === null) throw new Error(faults.map(formatFault).join('\n'));
  const parsed = parseIamEvent(anIamEvent(eventName, parameters));
  if (parsed.kind !== 'change') throw new Error(parsed.reason);
  return affectedRoles(parsed.event, spec).map(({ role }) => role.roleName);
}

describe('the roles that an event says to look at', () => {
  it('are the one that it names, declared or not', () => {
    expect(rolesOf('AttachRolePolicy', { roleName: 'any', policyArn: 'x' })).toEqual(['any']);
  });

  it('are none where it names none', () => {
    expect(rolesOf('CreateUser', { userName: 'alice' })).toEqual([]);
  });

  it('are also those that declare what it changes, though it names another role', () => {
    expect(
      rolesOf('AddRoleToInstanceProfile', { roleName: 'mallory', instanceProfileName: 'WEB-nodes' }),
    ).toEqual(['web', 'mallory']);
  });

  it('are each told once, whatever the case of its name', () => {
    expect(
      rolesOf('RemoveRoleFromInstanceProfile', { roleName: 'WEB', instanceProfileName: 'web-nodes' }),
    ).toEqual(['WEB']);
  });

  it('are not those that declare something else', () => {
    expect(
      rolesOf('AddRoleToInstanceProfile', { roleName: 'mallory', instanceProfileName: 'other' }),
    ).toEqual(['mallory']);
    expect(rolesOf('TagRole', { roleName: 'mallory', instanceProfileName: 'web-nodes' })).toEqual([
      'mallory',
    ]);
  });

  it('are none that a pattern stands for: which roles those are, only IAM knows', () => {
    const parsed = parseIamEvent(
      anIamEvent('AddRoleToInstanceProfile', { roleName: 'mallory', instanceProfileName: 'web' }),
    );
    if (parsed.kind !== 'change') throw new Error(parsed.reason);
    const aspects = { instanceProfile: { mode: 'enforce', declared: 'web' } } as const;
    const roles = ['web', 'we*'].map((name) => ({
      name,
      path: '/',
      mode: 'enforce' as const,
      aspects,
      line: 1,
    }));
    expect(
      affectedRoles(parsed.event, { version: 'sha256:0', file: 'roles.yaml', roles }).map(
        ({ role }) => role.roleName,
      ),
    ).toEqual(['web', 'mallory']);
  });

  it('a call that lacks the parameter concerns nobody else', () => {
    expect(rolesOf('AddRoleToInstanceProfile', { roleName: 'mallory' })).toEqual(['mallory']);
  });
});

const policy = (name: string, owner = '111122223333') => `arn:aws:iam::${owner}:policy/${name}`;

function changed(policyArn: string, eventName = 'SetDefaultPolicyVersion'): IamChangeEvent {
  const parsed = parseIamEvent(anIamEvent(eventName, { policyArn, versionId: 'v2' }));
  if (parsed.kind !== 'change') throw new Error(parsed.reason);
  return parsed.event;
}

function specOf(...roles: readonly JsonObject[]) {
  const { spec, faults } = loadSpec(JSON.stringify({ version: 1, roles }), 'roles.yaml');
  if (spec === null) throw new Error(faults.map(formatFault).join('\n'));
  return spec;
}

const says = (name: string): JsonObject => ({
  arn: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/' + name,
  document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] },
});
const detaching: JsonObject = {
  attached: [policy('listed')],
  forbidden: [policy('bad')],
  unlisted: 'detach',
};

const asks = (managedPolicies: JsonObject, name = 'app') => specOf({ name, managedPolicies });

describe('the policy of which IAM is asked who has it', () => {
  it('is one that must go from some role once it does more than deny', () => {
    for (const eventName of ['CreatePolicyVersion', 'SetDefaultPolicyVersion'])
      expect(policyToAskFor(changed(policy('any'), eventName), asks(detaching))).toBe(policy('any'));
  });

  it('is one whose content a pattern declares', () => {
    const spec = asks({ attached: [says('app')] }, 'a*');
    expect(policyToAskFor(changed(policy('app')), spec)).toBe(policy('app'));
    expect(policyToAskFor(changed(policy('other')), spec)).toBeNull();
  });

  it('is none where all roles that the answer could name are looked at anyway', () => {
    expect(policyToAskFor(changed(policy('app')), asks({ attached: [says('app')] }))).toBeNull();
  });

  it('is none that may be on the role, or may not, whatever it says', () => {
    for (const name of ['listed', 'bad'])
      expect(policyToAskFor(changed(policy(name)), asks(detaching))).toBeNull();
    expect(policyToAskFor(changed(policy('any')), asks({ attached: [], unlisted: 'report' }))).toBeNull();
  });

  it('is none of another account, nor AWS’s own', () => {
    for (const owner of ['999988887777', 'aws'])
      expect(policyToAskFor(changed(policy('any', owner)), asks(detaching))).toBeNull();
  });

  it('is none where the event changes nothing that a role has', () => {
    for (const eventName of ['DeletePolicy', 'DeletePolicyVersion', 'TagPolicy', 'AttachUserPolicy'])
      expect(policyToAskFor(changed(policy('any'), eventName), asks(detaching))).toBeNull();
  });
});

describe('the roles that have the policy of an event', () => {
  const spec = specOf(
    { name: 'app', managedPolicies: detaching },
    { name: 'app-reported', managedPolicies: { attached: [] } },
    { name: 'named', managedPolicies: [says('any')] },
    { name: 'app-*', managedPolicies: [says('any')] },
  );
  const lookedAt = (...holders: readonly string[]) =>
    affectedRoles(changed(policy('any')), spec, holders).map(({ role }) => role.roleName);

  it('are looked at where their own declaration is concerned, whichever reaches them', () => {
    expect(lookedAt('app', 'app-1', 'app-reported', 'stranger')).toEqual(['named', 'app', 'app-1']);
  });

  it('are each told once', () => {
    expect(lookedAt('named', 'NAMED')).toHaveLength(1);
  });

  it('are nobody where a pattern would reach a protected role', () => {
    const all = specOf({ name: '*', managedPolicies: detaching });
    const names = affectedRoles(changed(policy('any')), all, ['cdk-deploy', 'web']);
    expect(names.map(({ role }) => role.roleName)).toEqual(['web']);
  });
});
