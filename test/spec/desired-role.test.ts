import { describe, expect, it } from 'vitest';

import { desiredRole, findDeclaration } from '../../shared/spec/desired-role.ts';
import { specOf } from './support.ts';

const spec = specOf(`
version: 1
roles:
  - { name: "app-*", preset: ecs-task-execution, mode: enforce }
  - { name: App-Web, preset: eks-node }
  - { name: "*web*", preset: eks-node }
  - { name: "*", managedPolicies: [] }
`);

describe('findDeclaration', () => {
  it('lets an exact name win over an earlier pattern, whatever its case', () => {
    expect(findDeclaration(spec, 'APP-WEB')?.name).toBe('App-Web');
  });

  it('takes the first pattern of the file', () => {
    expect(findDeclaration(spec, 'app-webshop')?.name).toBe('app-*');
    expect(findDeclaration(spec, 'my-web')?.name).toBe('*web*');
  });

  it('never reaches a protected role by a pattern', () => {
    expect(findDeclaration(spec, 'AWSServiceRoleForSupport')).toBeNull();
    expect(findDeclaration(spec, 'cdk-web')).toBeNull();
  });

  it('knows no role that nobody declares', () => {
    expect(findDeclaration(specOf('{version: 1, roles: []}'), 'app')).toBeNull();
  });

  it.each(['__proto__', 'constructor', 'toString'])('has no declaration by accident for %s', (name) => {
    expect(findDeclaration(specOf('{version: 1, roles: [{name: x}]}'), name)).toBeNull();
  });
});

describe('desiredRole', () => {
  it('resolves the variables for the role’s account and partition', () => {
    const ref = { accountId: '123456789012', partition: 'aws-cn', roleName: 'my-web' };
    const role = desiredRole(spec, ref);
    expect(role).toMatchObject({
      ref,
      path: '/',
      mode: 'detect',
      aspects: {
        trustPolicy: {
          mode: 'detect',
          declared: { Statement: [{ Principal: { Service: 'ec2.amazonaws.com.cn' } }] },
        },
      },
      spec: { version: spec.version, file: 'roles.yaml', line: 6 },
    });
    expect(JSON.stringify(role)).toContain('arn:aws-cn:iam::aws:policy/AmazonEKSWorkerNodePolicy');
    expect(JSON.stringify(role)).not.toContain('${AWS::');
  });

  it('leaves the spec itself as it was', () => {
    const before = JSON.stringify(spec);
    desiredRole(spec, { accountId: '123456789012', partition: 'aws', roleName: 'my-web' });
    expect(JSON.stringify(spec)).toBe(before);
  });

  it('says nothing of a role that is not declared', () => {
    const ref = { accountId: '123456789012', partition: 'aws', roleName: 'AWSReservedSSO_x' };
    expect(desiredRole(spec, ref)).toBeNull();
  });
});
