import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { withCanary } from '../../infra/canary-spec.ts';
import { CANARY_BOUNDARY_NAME, functionNames, ownRoleNames } from '../../infra/names.ts';
import { InvalidSpecError } from '../../shared/errors.ts';
import { matchesEvent } from '../../shared/eventbridge/matcher.ts';
import { CANARY_ROLE_NAME } from '../../shared/spec/canary.ts';
import { loadSpec } from '../../shared/spec/load-spec.ts';
import { isAllowed } from '../support/iam-evaluator.ts';
import { flatten, statementsOf } from './flatten.ts';
import { specFile, synthesise } from './synthesise.ts';

// In detect mode throughout: the canary is enforced all the same.
const stack = synthesise({ canary: true, mode: 'detect' });
const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

const report = (roleName: string) => ({ source: 'iam-drift-remediator', detail: { role: { roleName } } });
const changed = (roleName: string, by: string | null = null) => ({
  source: 'aws.iam',
  detail: {
    eventSource: 'iam.amazonaws.com',
    userIdentity: by === null ? { type: 'Root' } : { sessionContext: { sessionIssuer: { arn: by } } },
    requestParameters: { roleName },
  },
});

/** Patterns of the rules whose name or description holds this text. */
function patternsOf(text: string): readonly unknown[] {
  return [...stack.resources('AWS::Events::Rule').values()]
    .filter(({ Properties }) =>
      JSON.stringify([Properties['Name'], Properties['Description']]).includes(text),
    )
    .map(({ Properties }) => flatten(Properties['EventPattern']));
}

const isTold = (roleName: string, by: string | null = null) =>
  patternsOf('iam-drift-tampering-').some((pattern) => matchesEvent(pattern, changed(roleName, by)));

describe('the canary role', () => {
  const [role] = [...stack.resources('AWS::IAM::Role').values()].filter(
    ({ Properties }) => Properties['RoleName'] === CANARY_ROLE_NAME,
  );

  it('can do nothing, and nobody may assume it', () => {
    expect(role?.Properties['Policies']).toBeUndefined();
    expect(role?.Properties['ManagedPolicyArns']).toBeUndefined();
    expect(JSON.stringify(role?.Properties['AssumeRolePolicyDocument'])).not.toContain('"Allow"');
    const [boundary] = [...stack.resources('AWS::IAM::ManagedPolicy').values()].filter(
      ({ Properties }) => Properties['ManagedPolicyName'] === CANARY_BOUNDARY_NAME,
    );
    expect(boundary?.Properties['PolicyDocument']).toMatchObject({
      Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
    });
  });

  it('is put back by the function that puts roles back', () => {
    const statements = statementsOf(stack, ownRoleNames.remediate);
    const may = (action: string) => isAllowed(statements, { action, resource: roleArn(CANARY_ROLE_NAME) });
    expect(may('iam:GetRole')).toBe(true);
    expect(may('iam:UpdateAssumeRolePolicy')).toBe(true);
    expect(may('iam:AttachRolePolicy')).toBe(false);
    // Nobody hides permissions in it, of which people would not hear.
    expect(may('iam:DetachRolePolicy')).toBe(true);
    expect(may('iam:DeleteRolePolicy')).toBe(true);
    expect(may('iam:PutRolePolicy')).toBe(false);
  });

  it('is no news, where every other role is', () => {
    const [reports] = patternsOf('to be told to people');
    expect(matchesEvent(reports, report(CANARY_ROLE_NAME))).toBe(false);
    expect(matchesEvent(reports, report('app'))).toBe(true);
  });

  it('is news where there is no canary: somebody may have given a role of his its name', () => {
    const [rule] = [...synthesise().resources('AWS::Events::Rule').values()].filter(
      ({ Properties }) => Properties['Name'] === 'iam-drift-reports',
    );
    expect(matchesEvent(flatten(rule?.Properties['EventPattern']), report(CANARY_ROLE_NAME))).toBe(true);
  });

  it('is tampered with when anybody changes it but the two functions whose work that is', () => {
    for (const name of [ownRoleNames.canary, ownRoleNames.remediate])
      expect(isTold(CANARY_ROLE_NAME, roleArn(name))).toBe(false);
    // Who puts it back could have us take a dead installation for a living one.
    for (const by of [null, roleArn('Administrator'), roleArn(ownRoleNames.notify)])
      expect([by, isTold(CANARY_ROLE_NAME.toLowerCase(), by)]).toEqual([by, true]);
    expect(isTold('IamDriftCanary2', roleArn('Administrator'))).toBe(false);
    expect(isTold(ownRoleNames.canary)).toBe(true);
  });

  it('may not be declared by somebody else, too', () => {
    const text = `version: 1\nroles:\n  - name: iamdriftcanary\n    maxSessionDuration: 3600\n`;
    expect(() => synthesise({ canary: true, specFile: specFile(text) })).toThrow(InvalidSpecError);
    expect(() => synthesise({ canary: true, specFile: specFile(text) })).toThrow(
      /:3: iamdriftcanary is the canary/,
    );
  });
});

describe('the function that changes it', () => {
  it('can do only that', () => {
    const statements = statementsOf(stack, ownRoleNames.canary);
    expect(
      statements.flatMap(({ Action }) => Action).filter((action) => !action.startsWith('logs:')),
    ).toEqual(['iam:GetRole', 'iam:UpdateAssumeRolePolicy']);
    const may = (action: string, name: string) => isAllowed(statements, { action, resource: roleArn(name) });
    expect(may('iam:UpdateAssumeRolePolicy', CANARY_ROLE_NAME)).toBe(true);
    expect(may('iam:UpdateAssumeRolePolicy', 'app')).toBe(false);
    expect(may('iam:UpdateAssumeRolePolicy', `${CANARY_ROLE_NAME}2`)).toBe(false);
  });

  it('is told what it asks for, and started on a schedule', () => {
    const [lambda] = [...stack.resources('AWS::Lambda::Function').values()].filter(
      ({ Properties }) => Properties['FunctionName'] === functionNames.canary,
    );
    const { Variables } = z.parse(
      z.object({ Variables: z.record(z.string(), z.unknown()) }),
      flatten(lambda?.Properties['Environment']),
    );
    expect(readFileSync('functions/canary/handler.ts', 'utf8')).toContain("['OWN_ROLE_ARN']");
    expect(Variables['OWN_ROLE_ARN']).toBe(roleArn(ownRoleNames.canary));
    expect(
      [...stack.resources('AWS::Events::Rule').values()].map(
        ({ Properties }) => Properties['ScheduleExpression'],
      ),
    ).toContain('rate(30 minutes)');
  });
});

describe('silence', () => {
  it('is an alarm, as is a change that nobody put back', () => {
    const [alarm] = [...stack.resources('AWS::CloudWatch::Alarm').values()].filter(
      ({ Properties }) => Properties['AlarmName'] === 'iam-drift-no-canary',
    );
    expect(alarm?.Properties).toMatchObject({
      MetricName: 'CanaryReverted',
      // One that is missing is an alarm, though the next was put back.
      Statistic: 'Minimum',
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
    const source = readFileSync('functions/canary/create-handler.ts', 'utf8');
    expect(source).toContain(`'CanaryReverted'`);
    expect(readFileSync('docs/runbook.md', 'utf8')).toContain('iam-drift-no-canary');
  });
});

it('the spec with the canary is another version, its other roles are as they were', () => {
  const { spec } = loadSpec(
    'version: 1\nroles:\n  - name: app\n    maxSessionDuration: 3600\n',
    'roles.yaml',
  );
  if (spec === null) throw new Error('the spec is valid');
  const more = withCanary(spec);
  expect(more.version).not.toBe(spec.version);
  expect(more.roles.slice(0, 1)).toEqual(spec.roles);
});
