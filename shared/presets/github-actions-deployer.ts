import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { type Conditions, trustStatements, webIdentityStatement } from './documents.ts';
import { oneOrMore, ownPolicies } from './params.ts';

const issuer = 'token.actions.githubusercontent.com';

// With numeric ids where GitHub's tokens have them: by default in repositories made or renamed since 15 July 2026
// (https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/).
const repository = z
  .string()
  .check(
    z.regex(
      /^[0-9A-Za-z][\w-]*(?:\/[\w.-]+|@\d+\/[\w.-]+@\d+)$/,
      'must be one repository, owner/repository or owner@id/repository@id, without wildcards: another owner’s workflows could assume the role',
    ),
  );

// What git allows in a name, but the dollar, with which IAM's policy variables begin.
const branch = z
  .string()
  .check(z.regex(/^[^\s:$~^[\\]+$/, 'must be a branch, such as main or release/*, without refs/heads/'));

const environment = z
  .string()
  .check(z.regex(/^[^$\t\r\n]{1,255}$/, 'must be the name of a GitHub environment, such as production'));

/** A GitHub Actions workflow that deploys, without keys: https://docs.github.com/en/actions/reference/security/oidc */
export const githubActionsDeployer = definePreset({
  name: 'github-actions-deployer',
  title: 'GitHub Actions: deploys by GitHub’s OIDC provider, from certain branches or environments',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html',
  note: 'A workflow job that names an environment has the environment in its subject and no branch. The subjects of newer repositories hold ids: look at one of your tokens, and name the repository as it is there.',
  params: z
    .strictObject({
      repository: oneOrMore(repository).check(
        z.describe(
          'owner/repository; or owner@id/repository@id where GitHub’s subjects hold ids (repositories made or renamed since July 2026).',
        ),
      ),
      branch: z.exactOptional(
        oneOrMore(branch).check(z.describe('Only jobs that run on these branches. May hold * and ?.')),
      ),
      environment: z.exactOptional(
        oneOrMore(environment).check(z.describe('Only jobs in these GitHub environments. May hold * and ?.')),
      ),
      audience: z.exactOptional(
        z
          .string()
          .check(
            z.regex(/^(?:[^\s$*?]|\$\{AWS::URLSuffix\})+$/, 'must be an audience, such as sts.amazonaws.com'),
            z.describe(
              'The audience that the workflow asks for. Left out, sts.amazonaws.com; in China sts.amazonaws.com.cn, as the README of aws-actions/configure-aws-credentials says.',
            ),
          ),
      ),
      policies: ownPolicies,
    })
    .check(
      z.refine(
        (params) => params.branch !== undefined || params.environment !== undefined,
        'names no branch and no environment: any workflow of the repository, those of pull requests too, could assume the role',
      ),
    ),
  example: {
    roleName: 'github-actions-deploy',
    params: { repository: 'octo-org/octo-repo', branch: 'main' },
  },
  expand: ({ audience = 'sts.${AWS::URLSuffix}', policies, ...where }) => ({
    trustPolicy: trustStatements([webIdentityStatement(issuer, claims(audience, subjects(where)))]),
    ...(policies === undefined ? {} : { managedPolicies: { attached: policies } }),
  }),
});

interface Where {
  readonly repository: string | string[];
  readonly branch?: string | string[];
  readonly environment?: string | string[];
}

function subjects({
  repository: repositories,
  branch: branches = [],
  environment: environments = [],
}: Where) {
  const contexts = [
    ...[branches].flat().map((name) => `ref:refs/heads/${name}`),
    // GitHub writes a colon in a name so, lest it look like the end of the name.
    ...[environments].flat().map((name) => `environment:${name.replaceAll(':', '%3A')}`),
  ];
  return [repositories].flat().flatMap((name) => contexts.map((context) => `repo:${name}:${context}`));
}

/** `StringLike` only where a subject has a wildcard, which `StringEquals` would take literally. */
function claims(audience: string, subject: readonly string[]): Conditions {
  const [aud, sub] = [{ [`${issuer}:aud`]: audience }, { [`${issuer}:sub`]: subject }];
  return subject.some((text) => /[*?]/.test(text))
    ? { StringEquals: aud, StringLike: sub }
    : { StringEquals: { ...aud, ...sub } };
}
