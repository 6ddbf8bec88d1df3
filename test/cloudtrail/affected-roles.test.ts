import { describe, expect, it } from 'vitest';

import { affectedRoles } from '../../shared/cloudtrail/affected-roles.ts';
import { parseIamEvent } from '../../shared/cloudtrail/parse-event.ts';
import type { JsonObject } from '../../shared/model.ts';
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
