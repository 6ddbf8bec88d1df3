import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { awsManagedPolicy, sourceConditions, trustDocument } from './documents.ts';
import { computeEnvironmentArn, oneOrMore } from './params.ts';

/** Where a compute environment does not use AWS Batch's service-linked role, which cannot be changed by anybody. */
export const batchService = definePreset({
  name: 'batch-service',
  title: 'Batch: manages compute environments (where the service-linked role is not used)',
  source: 'https://docs.aws.amazon.com/batch/latest/userguide/service_IAM_role.html',
  note: 'The console makes this role under the path /service-role/: then the role’s entry needs path: /service-role/. In China the guide names the service principal for the service-linked role only.',
  params: z.strictObject({
    computeEnvironmentArn: z.exactOptional(
      oneOrMore(computeEnvironmentArn).check(
        z.describe(
          'Only for these compute environments and their jobs (aws:SourceArn, aws:SourceAccount), which AWS Batch’s guide recommends against the confused deputy. May hold *.',
        ),
      ),
    ),
  }),
  example: {
    roleName: 'AWSBatchServiceRole',
    params: {
      computeEnvironmentArn:
        'arn:${AWS::Partition}:batch:us-east-1:${AWS::AccountId}:compute-environment/my-environment',
    },
  },
  expand: ({ computeEnvironmentArn: environments }) => ({
    trustPolicy: trustDocument(
      { Service: 'batch.amazonaws.com' },
      'sts:AssumeRole',
      environments === undefined ? {} : sourceConditions(withTheirJobs([environments].flat())),
    ),
    managedPolicies: { attached: [awsManagedPolicy('service-role/AWSBatchServiceRole')] },
  }),
});

// A job's queue may feed several compute environments, so the guide leaves the job open:
// https://docs.aws.amazon.com/batch/latest/userguide/cross-service-confused-deputy-prevention.html
function withTheirJobs(environments: readonly string[]): readonly string[] {
  const jobs = environments.map((arn) => arn.replace(/:compute-environment\/.*$/, ':job/*'));
  return [...environments, ...new Set(jobs)];
}
