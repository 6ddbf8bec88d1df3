import { UpdateRoleCommand } from '@aws-sdk/client-iam';
import * as z from 'zod/mini';

import type { PlannedCall } from '../model.ts';
import type { IamRole, RevertContext } from './definition.ts';
import { iamCall } from './iam-call.ts';

/** What UpdateRole writes, always both: it resets what its caller leaves out. */
export const roleSettings = z.object({ description: z.string(), maxSessionDuration: z.number() });

type RoleSettings = z.infer<typeof roleSettings>;

/** Seconds: what IAM takes where nobody says otherwise. */
export const ONE_HOUR = 3600;

/** A role without description is one with an empty one: IAM shows no difference. */
export function settingsOf({ Description, MaxSessionDuration }: IamRole): RoleSettings {
  return { description: Description ?? '', maxSessionDuration: MaxSessionDuration ?? ONE_HOUR };
}

const declaredSettings = z.object({
  description: z.optional(z.string()),
  maxSessionDuration: z.optional(z.number()),
});

/**
 * The call that sets one as it is declared, and the other as it is declared and enforced, else as it is: so neither ever
 * undoes the other. UpdateRole without a session duration sets an hour:
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
 */
export function updateRole(
  { roleName, observed, enforced }: RevertContext<RoleSettings>,
  declared: Partial<RoleSettings>,
): PlannedCall {
  const settings = { ...observed, ...z.parse(declaredSettings, enforced), ...declared };
  return iamCall(
    new UpdateRoleCommand({
      RoleName: roleName,
      Description: settings.description,
      MaxSessionDuration: settings.maxSessionDuration,
    }),
  );
}
