import { readFileSync } from 'node:fs';

import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod/mini';

import { exactNames, seedRoles } from '../../functions/cli/seed-account.ts';
import { awsClients } from '../../shared/aws/clients.ts';
import { systemClock } from '../../shared/aws/system-clock.ts';
import type { EmbeddedAccount, EmbeddedRole } from '../../shared/embedded-account/account.ts';
import { startEmbeddedAccount } from '../../shared/embedded-account/server.ts';
import type { JsonObject, ReconcileReport, RecreationRecipe } from '../../shared/model.ts';
import { renderEmail } from '../../shared/notifications/email.ts';
import type { Notification } from '../../shared/notifications/notification.ts';
import { renderSlack } from '../../shared/notifications/slack.ts';
import { toNotification } from '../../shared/notifications/to-notification.ts';
import { presets } from '../../shared/presets/index.ts';
import { recreationRecipe } from '../../shared/reconciler/recreation-recipe.ts';
import { reportSchema } from '../../shared/report-schema.ts';
import { desiredRole } from '../../shared/spec/desired-role.ts';
import { callsOf } from '../support/aws-cli-script.ts';
import {
  aScene,
  aSpec,
  attach,
  managed,
  putTrust,
  sweep,
  told,
  trusting,
  trustsEc2,
} from '../support/app-role.ts';
import { anIamEvent } from '../support/cloudtrail-events.ts';
import { ACCOUNT_ID, type Scene } from '../support/scene.ts';
import { specOf } from '../spec/support.ts';

const readS3: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
};
const everything = JSON.stringify({
  version: 1,
  roles: [
    {
      name: 'everything',
      path: '/team/',
      description: `Bob's "role"; $HOME and \`id\`, naïve`,
      maxSessionDuration: 7200,
      permissionsBoundary: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/boundary',
      tags: { team: 'platform', größe: 'L' },
      trustPolicy: trustsEc2,
      managedPolicies: [
        managed('ReadOnlyAccess'),
        { oneOf: [managed('SecurityAudit'), managed('job-function/ViewOnlyAccess')] },
      ],
      inlinePolicies: {
        read: readS3,
      },
      instanceProfile: 'everything',
    },
  ],
});

const everyPreset = JSON.stringify({
  version: 1,
  roles: presets.map(({ name, example: { params = {} } }) => ({ name, preset: { name, params } })),
});

async function anAccount(): Promise<EmbeddedAccount> {
  const account = await startEmbeddedAccount({ accountId: ACCOUNT_ID, partition: 'aws' });
  onTestFinished(async () => account.close());
  return account;
}

/** What somebody gets who runs the script in an account that has all but the role. */
async function madeBy(script: string, roleName: string): Promise<EmbeddedRole | null> {
  const account = await anAccount();
  account.apply({
    eventName: 'CreateInstanceProfile',
    requestParameters: { instanceProfileName: roleName },
  });
  for (const [command, input] of await callsOf(script)) {
    const operation = command
      .replace(/^iam /, '')
      .replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (operation.startsWith('Wait')) continue;
    const { refusal } = account.apply({
      eventName: operation,
      requestParameters: z.parse(z.record(z.string(), z.json()), input),
    });
    expect(refusal).toBeNull();
  }
  return account.role(roleName);
}

const secret = '{{resolve:secretsmanager:prod/db:SecretString}}';
const trustedWith = (more: JsonObject): JsonObject => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'ec2.amazonaws.com' },
      Action: 'sts:AssumeRole',
      ...more,
    },
  ],
});

describe('the script that makes a deleted role again', () => {
  it.each([
    ['everything', everything],
    ['the catalogue', everyPreset],
    ['infra/spec/roles.yaml', readFileSync('infra/spec/roles.yaml', 'utf8')],
    ['events/roles.yaml', readFileSync('events/roles.yaml', 'utf8')],
  ])('makes each role of %s as the product itself makes it', async (_file, text) => {
    const spec = specOf(text);
    const account = await anAccount();
    const clients = awsClients({
      endpoint: account.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'example' },
    });
    onTestFinished(() => clients.destroy());
    expect(await seedRoles(account, spec, exactNames(spec), { clients, clock: systemClock })).toEqual([]);
    for (const roleName of exactNames(spec)) {
      const desired = desiredRole(spec, { accountId: ACCOUNT_ID, partition: 'aws', roleName });
      const recipe = desired === null ? null : recreationRecipe(desired, null);
      const made = await madeBy(recipe?.script ?? '', roleName);
      expect({ ...made, roleId: '' }).toEqual({ ...account.role(roleName), roleId: '' });
    }
  });

  it('has a CloudFormation template of the same role', () => {
    const desired = desiredRole(specOf(everything), {
      accountId: ACCOUNT_ID,
      partition: 'aws',
      roleName: 'everything',
    });
    const recipe = desired === null ? null : recreationRecipe(desired, null);
    expect(JSON.parse(recipe?.cloudFormation ?? '')).toMatchObject({
      AWSTemplateFormatVersion: '2010-09-09',
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          DeletionPolicy: 'Retain',
          UpdateReplacePolicy: 'Retain',
          Properties: {
            RoleName: 'everything',
            Path: '/team/',
            AssumeRolePolicyDocument: trustsEc2,
            MaxSessionDuration: 7200,
            Description: `Bob's "role"; $HOME and \`id\`, naïve`,
            PermissionsBoundary: `arn:aws:iam::${ACCOUNT_ID}:policy/boundary`,
            ManagedPolicyArns: [managed('ReadOnlyAccess'), managed('SecurityAudit')],
            Policies: [{ PolicyName: 'read', PolicyDocument: readS3 }],
            Tags: [
              { Key: 'team', Value: 'platform' },
              { Key: 'größe', Value: 'L' },
            ],
          },
        },
      },
    });
  });

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
  it.each<[string, JsonObject]>([
    ['its description', { description: { description: secret, maxSessionDuration: 3600 } }],
    // IAM takes no braces in a tag.
    ['a Sid of its trust policy', { trustPolicy: trustedWith({ Sid: secret }) }],
    [
      'a condition of its trust policy',
      { trustPolicy: trustedWith({ Condition: { StringEquals: { 'sts:ExternalId': [`a${secret}`] } } }) },
    ],
    [
      'a key of a condition',
      { trustPolicy: trustedWith({ Condition: { StringEquals: { [`aws:PrincipalTag/${secret}`]: 'x' } } }) },
    ],
  ])('has no template where CloudFormation would fill in %s', (_place, more) => {
    const desired = desiredRole(specOf(attachmentsOnly), {
      accountId: ACCOUNT_ID,
      partition: 'aws',
      roleName: 'app',
    });
    const aspects = { trustPolicy: trustsEc2, ...more };
    const recipe = desired === null ? null : recreationRecipe(desired, { path: '/', aspects });
    expect(recipe?.cloudFormation).toBeNull();
    expect(recipe?.script).toContain('aws iam create-role');
  });

  it('is not made where nobody knows whom the role trusted', () => {
    const spec = specOf(JSON.stringify({ version: 1, roles: [{ name: 'app', description: 'x' }] }));
    const desired = desiredRole(spec, { accountId: ACCOUNT_ID, partition: 'aws', roleName: 'app' });
    expect(desired === null ? 'none' : recreationRecipe(desired, null)).toBeNull();
  });
});

const deletion = anIamEvent('DeleteRole', { roleName: 'app' }, { eventTime: '2026-03-02T12:00:01Z' });

/** The role is deleted; the recipe in the report of it. */
async function recipeAfterDeletionOf(one: Scene): Promise<RecreationRecipe | undefined> {
  // IAM deletes no role with policies attached.
  const role = one.account.role('app');
  for (const policyArn of role?.managedPolicies ?? [])
    one.account.apply({ eventName: 'DetachRolePolicy', requestParameters: { roleName: 'app', policyArn } });
  await one.happen(deletion);
  expect(told(one).at(-1)?.drift.status).toBe('DELETED');
  return told(one).at(-1)?.recreate;
}

/** A spec that declares the attachments alone: the rest of the role is as its owner made it. */
const attachmentsOnly = JSON.stringify({
  version: 1,
  roles: [{ name: 'app', managedPolicies: { attached: [managed('ReadOnlyAccess')], unlisted: 'ignore' } }],
});

const specWith = (more: JsonObject) =>
  JSON.stringify({ version: 1, roles: [{ name: 'app', trustPolicy: trustsEc2, ...more }] });

describe('the report of a deleted role', () => {
  it('has the script that makes it as it was last seen in sync, with what nobody declared', async () => {
    const one = await aScene(attachmentsOnly, []);
    one.account.createRole({
      roleName: 'app',
      trustPolicy: trustsEc2,
      managedPolicies: [managed('ReadOnlyAccess'), managed('SecurityAudit')],
      tags: { team: 'web' },
      description: 'the app',
      permissionsBoundary: managed('PowerUserAccess'),
    });
    await sweep(one);
    const before = one.account.role('app');
    const recipe = await recipeAfterDeletionOf(one);
    expect(recipe?.from).toBe('last-in-sync');
    expect({ ...(await madeBy(recipe?.script ?? '', 'app')), roleId: '' }).toEqual({ ...before, roleId: '' });
  });

  it('takes from what was last seen nothing that the spec has taken away since', async () => {
    const partner = trusting({ Service: 'ec2.amazonaws.com', AWS: 'arn:aws:iam::222233334444:root' });
    const attached = [managed('ReadOnlyAccess'), managed('SecurityAudit')];
    const one = await aScene(aSpec({ trustPolicy: partner, attached, unlisted: 'report' }), []);
    one.account.createRole({
      roleName: 'app',
      trustPolicy: partner,
      managedPolicies: attached,
      description: 'the app',
    });
    await sweep(one);
    // Reported, and left by the spec: the role is never in sync again.
    await one.happen(attach('job-function/ViewOnlyAccess'));
    one.redeploy(aSpec({ unlisted: 'report' }));
    await sweep(one);
    const recipe = await recipeAfterDeletionOf(one);
    expect(await madeBy(recipe?.script ?? '', 'app')).toMatchObject({
      trustPolicy: trustsEc2,
      managedPolicies: [managed('ReadOnlyAccess')],
      description: 'the app',
    });
    expect(told(one).at(-1)?.nextSteps.join()).toContain(
      'creates app as it is declared, and otherwise as it was last seen in sync',
    );
  });

  it('puts it into the instance profile and under the path that the spec says now', async () => {
    const one = await aScene(specWith({ instanceProfile: 'before' }), []);
    one.account.createRole({ roleName: 'app', trustPolicy: trustsEc2 });
    for (const [eventName, requestParameters] of [
      ['CreateInstanceProfile', { instanceProfileName: 'before' }],
      ['AddRoleToInstanceProfile', { instanceProfileName: 'before', roleName: 'app' }],
    ] as const)
      one.account.apply({ eventName, requestParameters });
    await sweep(one);
    one.redeploy(specWith({ instanceProfile: 'after', path: '/team/' }));
    one.account.apply({
      eventName: 'RemoveRoleFromInstanceProfile',
      requestParameters: { instanceProfileName: 'before', roleName: 'app' },
    });
    const recipe = await recipeAfterDeletionOf(one);
    expect(recipe?.from).toBe('last-in-sync');
    const calls = await callsOf(recipe?.script ?? '');
    expect(calls.at(0)).toEqual(['iam create-role', expect.objectContaining({ Path: '/team/' })]);
    expect(calls.at(-1)).toEqual([
      'iam add-role-to-instance-profile',
      { RoleName: 'app', InstanceProfileName: 'after' },
    ]);
  });

  it('leaves out the backdoor that came before the deletion', async () => {
    const one = await aScene(aSpec({ more: { mode: 'detect' } }));
    await one.happen(
      putTrust(trusting({ AWS: 'arn:aws:iam::999988887777:root' })),
      attach('AdministratorAccess'),
    );
    const made = await madeBy((await recipeAfterDeletionOf(one))?.script ?? '', 'app');
    expect(made).toMatchObject({ trustPolicy: trustsEc2, managedPolicies: [managed('ReadOnlyAccess')] });
  });

  it('takes nothing from a stranger that stood in its place, though that was as declared', async () => {
    const one = await aScene(attachmentsOnly, []);
    const managedPolicies = [managed('ReadOnlyAccess')];
    one.account.createRole({ roleName: 'app', trustPolicy: trustsEc2, managedPolicies });
    await sweep(one);
    await recipeAfterDeletionOf(one);
    const theirs = trusting({ AWS: 'arn:aws:iam::999988887777:root' });
    one.account.createRole({ roleName: 'app', roleId: 'AROASTRANGER', trustPolicy: theirs, managedPolicies });
    await sweep(one);
    const recipe = await recipeAfterDeletionOf(one);
    expect(await madeBy(recipe?.script ?? '', 'app')).toMatchObject({ trustPolicy: trustsEc2 });
  });

  it('of a role that was never seen in sync has what makes it as declared', async () => {
    const one = await aScene(aSpec(), []);
    one.account.createRole({ roleName: 'app', trustPolicy: trustsEc2 });
    const recipe = await recipeAfterDeletionOf(one);
    expect(recipe?.from).toBe('declaration');
    expect(await madeBy(recipe?.script ?? '', 'app')).toMatchObject({ trustPolicy: trustsEc2 });
  });

  it('goes into the ledger whole, and no other report has such a thing', async () => {
    const one = await aScene(aSpec());
    await one.happen(attach('AdministratorAccess'));
    expect(told(one)[0]).not.toHaveProperty('recreate');
    const recipe = await recipeAfterDeletionOf(one);
    const incident = await one.ledger.get(told(one).at(-1)?.incidentId ?? '');
    expect(incident?.report?.recreate).toEqual(recipe);
    expect(told(one).at(-1)?.nextSteps.join()).toContain(
      `iam-drift recreate app --incident ${incident?.incidentId}`,
    );
  });
});

describe('a role that is deleted twice', () => {
  const recreated = trusting({ Service: 'ecs-tasks.amazonaws.com' });

  it('each time has the script of what was last seen in sync, not of what somebody made in between', async () => {
    const one = await aScene(aSpec());
    const first = await recipeAfterDeletionOf(one);
    one.clock.advance(60_000);
    one.account.createRole({ roleName: 'app', trustPolicy: recreated });
    await one.deliver(anIamEvent('CreateRole', { roleName: 'app' }));
    one.clock.advance(60_000);
    const second = await recipeAfterDeletionOf(one);
    expect(second).toEqual(first);
    expect(await madeBy(second?.script ?? '', 'app')).toMatchObject({
      trustPolicy: trustsEc2,
      managedPolicies: [managed('ReadOnlyAccess')],
    });
    const incidents = told(one).filter(({ recreate }) => recreate !== undefined);
    expect(new Set(incidents.map(({ id }) => id)).size).toBe(2);
  });

  it('has the alternative in it that the role had', async () => {
    const alternatives = [managed('SecurityAudit'), managed('ReadOnlyAccess')];
    const one = await aScene(aSpec({ attached: [{ oneOf: alternatives }] }));
    const recipe = await recipeAfterDeletionOf(one);
    expect(await madeBy(recipe?.script ?? '', 'app')).toMatchObject({
      managedPolicies: [managed('ReadOnlyAccess')],
    });
  });
});

function lastTold(one: Scene): ReconcileReport {
  const report = told(one).at(-1);
  if (report === undefined) throw new Error('nothing was told');
  return report;
}

function notificationOf(report: ReconcileReport): Notification {
  const notification = toNotification(report);
  if (notification === null) throw new Error('this is no news');
  return notification;
}

/** The lines under a title of an e-mail, without their indentation. */
function codeUnder(title: string, text: string): string {
  const [, after = ''] = text.split(`${title}\n`);
  const [block = ''] = after.split('\n\n');
  return block.replace(/^ {6}/gm, '').trimEnd();
}

describe('a script and a template that people copy from a message', () => {
  const hostile = [
    'www.',
    'https://x',
    '@here',
    '<!channel>',
    '  ',
    '\u202e',
    "'",
    '`',
    '"',
    '\\',
    'ü',
    '\n',
    '$(id)',
    '&amp;',
  ];
  const anyText = fc
    .array(fc.oneof(fc.constantFrom(...hostile), fc.string({ maxLength: 5 })))
    .map((parts) => parts.join(''));

  it('are what the report has, whatever the role’s texts hold', async () => {
    const one = await aScene(aSpec());
    await recipeAfterDeletionOf(one);
    const report = lastTold(one);
    fc.assert(
      fc.property(anyText, anyText, (sid, value) => {
        const desired = desiredRole(specOf(attachmentsOnly), {
          accountId: ACCOUNT_ID,
          partition: 'aws',
          roleName: 'app',
        });
        const trustPolicy: JsonObject = {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: sid,
              Effect: 'Allow',
              Principal: { Service: 'ec2.amazonaws.com' },
              Action: 'sts:AssumeRole',
              Condition: { StringEquals: { 'aws:PrincipalTag/x': value } },
            },
          ],
        };
        const recreate =
          desired === null ? null : recreationRecipe(desired, { path: '/', aspects: { trustPolicy } });
        if (recreate === null) throw new Error('no recipe');
        const notification = notificationOf({ ...report, recreate });
        const email = renderEmail(notification).text;
        expect(codeUnder('A script that creates the role', email)).toBe(recreate.script.trimEnd());
        expect(codeUnder('The same as a CloudFormation template', email)).toBe(recreate.cloudFormation);
        const slack = JSON.stringify(renderSlack(notification));
        expect(slack).toContain(JSON.stringify(recreate.script.trimEnd()).slice(1, -1));
        expect(JSON.parse(recreate.cloudFormation ?? '')).toMatchObject({
          Resources: { Role: { Properties: { AssumeRolePolicyDocument: trustPolicy } } },
        });
      }),
    );
  });

  it('is the script alone where CloudFormation would put a secret into the role, and a message says why', async () => {
    const one = await aScene(aSpec(), []);
    one.account.createRole({
      roleName: 'app',
      trustPolicy: trustsEc2,
      managedPolicies: [managed('ReadOnlyAccess')],
      description: '{{resolve:ssm-secure:/prod/password}}',
    });
    await sweep(one);
    await recipeAfterDeletionOf(one);
    const report = lastTold(one);
    expect(z.parse(reportSchema, report).recreate?.cloudFormation).toBeNull();
    const email = renderEmail(notificationOf(report)).text;
    expect(email).toContain('A script that creates the role');
    expect(email).not.toContain('The same as a CloudFormation template');
    expect(email).not.toContain('--cloudformation');
    expect(email.replaceAll(/\s+/g, ' ')).toContain('and no CloudFormation template: its texts hold');
    const incident = await one.ledger.get(report.incidentId);
    expect(incident?.results.at(-1)?.recreate?.cloudFormation).toBeNull();
  });

  it('are left out whole where they are too long', async () => {
    const one = await aScene(aSpec());
    await recipeAfterDeletionOf(one);
    const report = lastTold(one);
    const script = Array.from({ length: 2000 }, (_, at) => `aws iam call-${at}`).join('\n');
    const { text } = renderEmail(
      notificationOf({ ...report, recreate: { from: 'declaration', script, cloudFormation: '{}' } }),
    );
    expect(text).not.toContain('aws iam call-');
    expect(text).toContain('2000 lines left out here for length');
    expect(text).toContain('iam-drift recreate app --incident');
  });
});
