import type { JsonObject } from '../model.ts';

/**
 * The role that is there to be changed: it has no permissions, its boundary denies everything, and nobody may assume it.
 * A function of its own changes it on a schedule; that it is put back proves that the whole chain is alive.
 */
export const CANARY_ROLE_NAME = 'IamDriftCanary';

/** As declared: nobody. IAM takes a trust policy that only denies. */
export const canaryTrustPolicy: JsonObject = {
  Version: '2012-10-17',
  Statement: [
    { Sid: 'Nobody', Effect: 'Deny', Principal: { AWS: '*' }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
  ],
};

/**
 * As changed: access gained, so that no guard may hold the revert, and by nobody but the function that changes it.
 *
 * @param functionRoleArn The role of that function.
 */
export function canaryDrift(functionRoleArn: string): JsonObject {
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Canary', Effect: 'Allow', Principal: { AWS: functionRoleArn }, Action: 'sts:AssumeRole' },
    ],
  };
}

/** Its entry in a spec, whatever mode the other roles have. `boundary` is the name of the managed policy. */
export function canarySpecText(boundary: string): string {
  return JSON.stringify({
    version: 1,
    roles: [
      {
        name: CANARY_ROLE_NAME,
        mode: 'enforce',
        trustPolicy: canaryTrustPolicy,
        managedPolicies: { unlisted: 'detach' },
        inlinePolicies: { unlisted: 'delete' },
        permissionsBoundary: `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:policy/${boundary}`,
      },
    ],
  });
}
