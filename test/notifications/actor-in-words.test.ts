import { describe, expect, it } from 'vitest';

import type { Actor } from '../../shared/model.ts';
import { aspects } from '../../shared/aspects/index.ts';
import { describeActor, describeEvent, describeOrigin } from '../../shared/notifications/actor-in-words.ts';
import { anActor } from '../support/reports.ts';

const role = (issuerArn: string, sessionName: string, overrides: Partial<Actor> = {}) =>
  anActor({ type: 'AssumedRole', userName: null, issuerArn, sessionName, ...overrides });

describe('describeActor', () => {
  it.each<[string, Actor]>([
    ['IAM user alice', anActor()],
    ['root of account 111122223333', anActor({ type: 'Root', userName: null })],
    ['session ci-42 of role deployer', role('arn:aws:iam::111122223333:role/ci/deployer', 'ci-42')],
    [
      'alice@example.com through AWS SSO (AdministratorAccess)',
      role(
        'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_AdministratorAccess_0123456789abcdef',
        'alice@example.com',
      ),
    ],
    ['CloudFormation, for IAM user alice', anActor({ invokedBy: 'cloudformation.amazonaws.com' })],
    [
      'CloudFormation, for session ci-42 of role deployer',
      role('arn:aws:iam::111122223333:role/deployer', 'ci-42', { invokedBy: 'cloudformation.amazonaws.com' }),
    ],
    [
      'session ci-42 of role deployer, whose client says it is Terraform',
      role('arn:aws:iam::111122223333:role/deployer', 'ci-42', {
        userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io)',
      }),
    ],
    ['the AWS service ecs.amazonaws.com', anActor({ type: 'AWSService', invokedBy: 'ecs.amazonaws.com' })],
    ['somebody whom CloudTrail does not name', anActor({ type: 'Unknown', arn: null, userName: null })],
  ])('says %s', (expected, actor) => {
    expect(describeActor(actor)).toBe(expected);
  });

  it('names the role from the session where CloudTrail leaves the issuer out', () => {
    const actor = anActor({
      type: 'AssumedRole',
      userName: null,
      arn: 'arn:aws:sts::111122223333:assumed-role/deployer/ci-42',
    });
    expect(describeActor(actor)).toBe('session ci-42 of role deployer');
  });

  it('does not believe a role that merely calls itself an SSO role', () => {
    const actor = role(
      'arn:aws:iam::111122223333:role/AWSReservedSSO_AdministratorAccess_0123456789abcdef',
      'eve',
    );
    expect(describeActor(actor)).toBe(
      'session eve of role AWSReservedSSO_AdministratorAccess_0123456789abcdef',
    );
  });

  it('says that a caller is from another account', () => {
    expect(describeActor(anActor({ accountId: '444455556666' }), '111122223333')).toBe(
      'IAM user alice from account 444455556666',
    );
    expect(describeActor(anActor(), '111122223333')).toBe('IAM user alice');
    const account = anActor({ type: 'AWSAccount', accountId: '444455556666', arn: null, userName: null });
    expect(describeActor(account, '111122223333')).toBe('account 444455556666');
  });

  it('quotes a name that could pass for words', () => {
    expect(describeActor(anActor({ userName: 'alice, with MFA' }))).toBe('IAM user "alice, with MFA"');
  });
});

describe('describeOrigin', () => {
  it('tells address and MFA as far as CloudTrail does', () => {
    expect(describeOrigin(anActor())).toBe('from 192.0.2.20, without MFA');
    expect(describeOrigin(anActor({ mfa: null }))).toBe('from 192.0.2.20');
    expect(describeOrigin(anActor({ mfa: true, sourceIpAddress: null }))).toBe('with MFA');
    expect(describeOrigin(anActor({ mfa: null, sourceIpAddress: null }))).toBe('');
    const service = 'cloudformation.amazonaws.com';
    expect(describeOrigin(anActor({ sourceIpAddress: service, invokedBy: service }))).toBe('without MFA');
  });
});

describe('describeEvent', () => {
  it('has words for every call that wakes a role', () => {
    const calls = aspects.flatMap(({ triggers }) => triggers.flatMap(({ eventNames }) => eventNames));
    expect(
      [...calls, 'CreateRole', 'DeleteRole'].filter((name) => describeEvent(name).includes('called')),
    ).toEqual([]);
  });

  it('is followed by the name of the role', () => {
    expect(describeEvent('AttachRolePolicy')).toBe('attached a managed policy to');
    expect(describeEvent('NewCall')).toBe('called NewCall on');
    expect(describeEvent('constructor')).toBe('called constructor on');
  });
});
