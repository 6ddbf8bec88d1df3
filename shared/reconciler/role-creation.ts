import { CreateRoleCommand } from '@aws-sdk/client-iam';

import type { CreationInput } from '../aspects/definition.ts';
import { iamCall } from '../aspects/iam-call.ts';
import { aspectNamed } from '../aspects/index.ts';
import type { DesiredRole, PlannedCall } from '../model.ts';

/** The call that creates the role, with what a role must not be without for a moment. Pure: nothing is sent. */
export function roleCreation({ ref, path, aspects }: DesiredRole): PlannedCall {
  const input = Object.entries(aspects).reduce<CreationInput>(
    (known, [name, { declared }]) => ({ ...known, ...aspectNamed(name).atCreation(declared) }),
    {},
  );
  return iamCall(
    new CreateRoleCommand({
      RoleName: ref.roleName,
      Path: path,
      ...input,
      AssumeRolePolicyDocument: input.AssumeRolePolicyDocument,
    }),
  );
}
