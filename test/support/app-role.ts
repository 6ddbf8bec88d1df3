import { onTestFinished } from 'vitest';

import type { Json, JsonObject } from '../../shared/model.ts';
import { anIamEvent } from './cloudtrail-events.ts';
import { ACCOUNT_ID, scene, type Scene } from './scene.ts';

/** Roles that must trust EC2 and have ReadOnlyAccess, and how they are tampered with. */
export const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`;

export const trusting = (principal: JsonObject): JsonObject => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
});

export const trustsEc2 = trusting({ Service: 'ec2.amazonaws.com' });
export const backdoor = trusting({ AWS: 'arn:aws:iam::999988887777:root' });

interface SpecOptions {
  readonly names?: readonly string[];
  readonly trustPolicy?: JsonObject;
  readonly attached?: readonly Json[];
  readonly unlisted?: string;
  readonly inlinePolicies?: JsonObject;
  /** Of the defaults. */
  readonly more?: JsonObject;
}

export function aSpec({
  names = ['app'],
  trustPolicy = trustsEc2,
  attached = [managed('ReadOnlyAccess')],
  unlisted = 'detach',
  inlinePolicies,
  more,
}: SpecOptions = {}): string {
  return JSON.stringify({
    version: 1,
    defaults: { mode: 'enforce', ...more },
    roles: names.map((name) => ({
      name,
      trustPolicy,
      managedPolicies: {
        attached,
        forbidden: [managed('AdministratorAccess')],
        unlisted,
      },
      ...(inlinePolicies && { inlinePolicies }),
    })),
  });
}

/** A scene with the role `app` as declared, never looked at. */
export async function anApp(spec = aSpec()): Promise<Scene> {
  const one = await scene(spec);
  onTestFinished(async () => one.close());
  createAsDeclared(one, 'app');
  return one;
}

/** A scene with these roles as declared, each looked at once by a sweep. */
export async function aScene(spec: string, names: readonly string[] = ['app']): Promise<Scene> {
  const one = await scene(spec);
  onTestFinished(async () => one.close());
  for (const roleName of names) createAsDeclared(one, roleName);
  await sweep(one, names);
  one.reports.splice(0);
  return one;
}

export function createAsDeclared({ account }: Scene, roleName: string): void {
  account.createRole({ roleName, trustPolicy: trustsEc2, managedPolicies: [managed('ReadOnlyAccess')] });
}

/** The scheduled look at all roles. */
export async function sweep(one: Scene, names: readonly string[] = ['app']): Promise<void> {
  for (const roleName of names) await one.deliver(resyncOf(roleName));
}

export const resyncOf = (roleName: string) =>
  JSON.stringify({
    recheckRole: {
      role: { accountId: ACCOUNT_ID, partition: 'aws', roleName },
      trigger: 'resync',
      causes: [],
      recheck: 0,
    },
  });

/** A session of a role, as CloudTrail tells it. */
export const sessionOf = (role: string, session: string): JsonObject => ({
  userIdentity: {
    type: 'AssumedRole',
    arn: `arn:aws:sts::${ACCOUNT_ID}:assumed-role/${role}/${session}`,
    accountId: ACCOUNT_ID,
    sessionContext: {
      sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT_ID}:role/${role}`, userName: role },
    },
  },
});

export const putTrust = (document: JsonObject, more: JsonObject = {}, roleName = 'app') =>
  anIamEvent('UpdateAssumeRolePolicy', { roleName, policyDocument: JSON.stringify(document) }, more);
export const attach = (name: string, more: JsonObject = {}, roleName = 'app') =>
  anIamEvent('AttachRolePolicy', { roleName, policyArn: managed(name) }, more);
export const detach = (name: string, more: JsonObject = {}, roleName = 'app') =>
  anIamEvent('DetachRolePolicy', { roleName, policyArn: managed(name) }, more);

/** All calls to IAM. */
export const operations = ({ account }: Scene): readonly string[] =>
  account.calls.map(({ operation }) => operation);

/** The calls that changed something. */
export const writes = (one: Scene): readonly string[] =>
  operations(one).filter((operation) => !/^(?:Get|List)/.test(operation));

/** The reports that tell of drift. */
export const told = ({ reports }: Scene) => reports.filter(({ outcome }) => outcome !== 'in-sync');
