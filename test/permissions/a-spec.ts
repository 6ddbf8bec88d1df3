import type { DesiredAspect, Json, Mode } from '../../shared/model.ts';
import type { RoleDeclaration, Spec } from '../../shared/spec/spec.ts';

/** A spec of these roles, one a line. */
export function aSpec(...roles: readonly RoleDeclaration[]): Spec {
  return {
    version: 'sha256:0',
    file: 'roles.yaml',
    roles: roles.map((role, n) => ({ ...role, line: n + 1 })),
  };
}

interface RoleParts {
  readonly path?: string;
  readonly mode?: Mode;
  readonly trust?: Mode;
  readonly managedPolicies?: Json;
}

/** A declared role; its trust policy is declared where `trust` gives it a mode, its managed policies where given. */
export function aRole(name: string, parts: RoleParts = {}): RoleDeclaration {
  const { path = '/', mode = 'enforce', trust, managedPolicies } = parts;
  const aspects: Record<string, DesiredAspect> = {};
  if (trust !== undefined) aspects['trustPolicy'] = { mode: trust, declared: trustDocument };
  if (managedPolicies !== undefined) aspects['managedPolicies'] = { mode, declared: managedPolicies };
  return { name, path, mode, aspects, line: 1 };
}

const trustDocument: Json = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
