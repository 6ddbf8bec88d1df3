import type { Preset } from './define.ts';
import { ecsTaskExecution } from './ecs-task-execution.ts';

/** AWS Batch runs its jobs as ECS tasks, with the same execution role. */
export const batchExecution: Preset = {
  ...ecsTaskExecution,
  name: 'batch-execution',
  title: 'Batch: starts jobs (the same role as ecs-task-execution)',
  source: 'https://docs.aws.amazon.com/batch/latest/userguide/execution-IAM-role.html',
};
