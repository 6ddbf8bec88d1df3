import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { awsManagedPolicy, trustDocument } from './documents.ts';

/** The role with which ECS and Batch start containers. Inline policies for secrets and the like are left alone. */
export const ecsTaskExecution = definePreset({
  name: 'ecs-task-execution',
  title: 'ECS: starts tasks (pulls images, writes logs)',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html',
  params: z.strictObject({}),
  example: { roleName: 'ecsTaskExecutionRole' },
  expand: () => ({
    trustPolicy: trustDocument({ Service: 'ecs-tasks.amazonaws.com' }, 'sts:AssumeRole'),
    managedPolicies: { attached: [awsManagedPolicy('service-role/AmazonECSTaskExecutionRolePolicy')] },
  }),
});
