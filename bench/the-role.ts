import type { JsonObject } from '../shared/model.ts';
import type { RoleSeed } from '../shared/embedded-account/seeds.ts';
import { anIamEvent } from '../test/support/cloudtrail-events.ts';

// The role that every event of the measurements is about.
const roleName = 'app';
const policyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
export const trustPolicy: JsonObject = trusting('ec2.amazonaws.com');

function trusting(service: string): JsonObject {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  };
}

/** As the spec declares it. */
export const theRole: RoleSeed = { roleName, trustPolicy, managedPolicies: [policyArn] };

export const specText = JSON.stringify({
  version: 1,
  defaults: { mode: 'enforce' },
  roles: [{ name: roleName, trustPolicy, managedPolicies: [policyArn] }],
});

/** Somebody has the role trust another service. */
export const theChange = {
  eventName: 'UpdateAssumeRolePolicy',
  requestParameters: { roleName, policyDocument: JSON.stringify(trusting('lambda.amazonaws.com')) },
};

export const theEvent: JsonObject = anIamEvent(theChange.eventName, theChange.requestParameters);
