import { describe, expect, it } from 'vitest';

import { isProtectedRoleName } from '../../shared/spec/protected-roles.ts';

describe('isProtectedRoleName', () => {
  it.each([
    'AWSServiceRoleForECS',
    'AWSReservedSSO_AdministratorAccess_0123456789abcdef',
    'cdk-hnb659fds-deploy-role-123456789012-us-east-1',
    'OrganizationAccountAccessRole',
    'AWSControlTowerExecution',
    'stacksets-exec-0123456789abcdef',
    'IamDriftRemediatorRemediate',
  ])('protects %s, in any case', (name) => {
    expect(isProtectedRoleName(name)).toMatch(/^its? /);
    expect(isProtectedRoleName(name.toUpperCase())).not.toBeNull();
  });

  it('protects every role under a path of AWS', () => {
    expect(isProtectedRoleName('any', '/aws-service-role/ecs.amazonaws.com/')).toContain('service-linked');
    expect(isProtectedRoleName('any', '/aws-reserved/sso.amazonaws.com/eu-west-1/')).toContain('reserved');
  });

  it.each(['my-cdk-role', 'OrganizationAccountAccessRole2', 'AWSReservedSSO', 'constructor', ''])(
    'leaves %s alone',
    (name) => {
      expect(isProtectedRoleName(name)).toBeNull();
    },
  );

  it('leaves an ordinary path alone', () => {
    expect(isProtectedRoleName('app', '/service-role/')).toBeNull();
  });
});
