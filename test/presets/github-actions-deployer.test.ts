import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { declared, load, trusting } from './support.ts';

const github = 'token.actions.githubusercontent.com';
const preset = 'github-actions-deployer';
const trust = (params: object) => declared(load(preset, params), 'trustPolicy');
const message = (params: object) => load(preset, params).faults[0]?.message;

describe('github-actions-deployer', () => {
  it('trusts one branch of one repository', () => {
    expect(trust({ repository: 'octo-org/octo-repo', branch: 'main' })).toEqual(
      trusting(
        { Federated: `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:oidc-provider/${github}` },
        'sts:AssumeRoleWithWebIdentity',
        {
          StringEquals: {
            [`${github}:aud`]: 'sts.${AWS::URLSuffix}',
            [`${github}:sub`]: ['repo:octo-org/octo-repo:ref:refs/heads/main'],
          },
        },
      ),
    );
  });

  it('trusts environments, and repositories whose subjects hold ids', () => {
    const params = {
      repository: ['octo-org/octo-repo', 'octo-org@123456/octo-repo@456789'],
      environment: ['production', 'eu:production'],
      audience: 'my-audience',
    };
    expect(trust(params)).toMatchObject({
      Statement: [
        {
          Condition: {
            StringEquals: {
              [`${github}:aud`]: 'my-audience',
              [`${github}:sub`]: [
                'repo:octo-org/octo-repo:environment:production',
                'repo:octo-org/octo-repo:environment:eu%3Aproduction',
                'repo:octo-org@123456/octo-repo@456789:environment:production',
                'repo:octo-org@123456/octo-repo@456789:environment:eu%3Aproduction',
              ],
            },
          },
        },
      ],
    });
  });

  it('takes wildcards in branches for what they are, and the audience exactly', () => {
    expect(trust({ repository: 'o/r', branch: ['main', 'release/*'] })).toMatchObject({
      Statement: [
        {
          Condition: {
            StringEquals: { [`${github}:aud`]: 'sts.${AWS::URLSuffix}' },
            StringLike: {
              [`${github}:sub`]: ['repo:o/r:ref:refs/heads/main', 'repo:o/r:ref:refs/heads/release/*'],
            },
          },
        },
      ],
    });
  });

  it.each([
    '*/octo-repo',
    'octo-*/octo-repo',
    'octo-org/*',
    'octo-org',
    'octo-org/a:b',
    'o@1/r',
    'o/r@1',
    '/r',
  ])('refuses %s, which is not one repository', (repository) => {
    expect(message({ repository, branch: 'main' })).toContain('must be one repository');
  });

  it('refuses to trust a whole repository', () => {
    expect(message({ repository: 'o/r' })).toContain('those of pull requests too');
    expect(load(preset, { repository: 'o/r', branch: [] }).spec).toBeNull();
  });

  it('refuses texts that would mean something else in a policy', () => {
    expect(message({ repository: 'o/r', branch: '${aws:username}' })).toContain('must be a branch');
    expect(message({ repository: 'o/r', branch: 'a:b' })).toContain('must be a branch');
    expect(message({ repository: 'o/r', environment: '${aws:username}' })).toContain('GitHub environment');
    expect(message({ repository: 'o/r', branch: 'main', audience: '*' })).toContain('must be an audience');
    expect(
      load(preset, { repository: 'o/r', branch: 'main', audience: 'sts.${AWS::URLSuffix}' }).faults,
    ).toEqual([]);
  });

  it('never trusts a subject of another owner', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('*', 'main', '*:*', 'a/../b', '?'));
    fc.assert(
      fc.property(text, text, (branch, environment) => {
        const { spec } = load(preset, { repository: 'o/r', branch, environment });
        const subjects = JSON.stringify(declared({ spec }, 'trustPolicy') ?? '').match(/"repo:[^"]*/g) ?? [];
        for (const subject of subjects)
          expect(subject).toMatch(/^"repo:o\/r:(?:ref:refs\/heads\/|environment:)/);
      }),
    );
  });
});
