import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { awsManagedPolicy, ec2Trust } from './documents.ts';
import { furtherPolicies } from './params.ts';

const containerInstances = 'service-role/AmazonEC2ContainerServiceforEC2Role';
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instances-instance-profile.html
const managedInstances = 'AmazonECSInstanceRolePolicyForManagedInstances';

/** The instances' role, which AWS Batch's compute environments on EC2 use as well. */
export const ecsInstance = definePreset({
  name: 'ecs-instance',
  title: 'ECS and Batch: EC2 instances that run containers',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html',
  params: z.strictObject({
    instancePolicy: z.exactOptional(
      z
        .enum([containerInstances, managedInstances])
        .check(
          z.describe(
            `What the instances are: container instances (${containerInstances}, default) or Amazon ECS Managed Instances.`,
          ),
        ),
    ),
    policies: furtherPolicies,
  }),
  example: { roleName: 'ecsInstanceRole' },
  expand: ({ instancePolicy = containerInstances, policies = [] }) => ({
    trustPolicy: ec2Trust,
    managedPolicies: { attached: [awsManagedPolicy(instancePolicy), ...policies] },
  }),
});
