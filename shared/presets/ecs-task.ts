import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { sourceConditions, trustDocument } from './documents.ts';
import { oneOrMore, ownPolicies, region } from './params.ts';

/** The role of the code in the containers, not the one that starts them. */
export const ecsTask = definePreset({
  name: 'ecs-task',
  title: 'ECS: the code in a task’s containers',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html',
  params: z.strictObject({
    region: z.exactOptional(
      oneOrMore(region).check(
        z.describe(
          'Only for tasks of this account in these Regions (aws:SourceArn, aws:SourceAccount), which the guide recommends against the confused deputy. ECS cannot be narrowed to a cluster.',
        ),
      ),
    ),
    policies: ownPolicies,
  }),
  example: {
    roleName: 'AmazonECSTaskS3BucketRole',
    params: {
      region: 'us-east-1',
      policies: ['arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/AmazonECSTaskS3BucketPolicy'],
    },
  },
  expand: ({ region: regions, policies }) => ({
    trustPolicy: trustDocument(
      { Service: 'ecs-tasks.amazonaws.com' },
      'sts:AssumeRole',
      regions === undefined ? {} : sourceConditions([regions].flat().map(tasksIn)),
    ),
    ...(policies === undefined ? {} : { managedPolicies: { attached: policies } }),
  }),
});

function tasksIn(name: string): string {
  return `arn:\${AWS::Partition}:ecs:${name}:\${AWS::AccountId}:*`;
}
