import { batchExecution } from './batch-execution.ts';
import type { Preset } from './define.ts';
import { ecsTaskExecution } from './ecs-task-execution.ts';
import { eksFargatePodExecution } from './eks-fargate-pod-execution.ts';
import { eksNodeRestricted } from './eks-node-restricted.ts';
import { eksNode } from './eks-node.ts';
import { eksPodIdentity } from './eks-pod-identity.ts';
import { eksVpcCni } from './eks-vpc-cni.ts';

/** THE LIST: roles that AWS's guides describe, by name. */
export const presets: readonly Preset[] = [
  eksFargatePodExecution,
  eksNode,
  eksNodeRestricted,
  eksPodIdentity,
  eksVpcCni,
  ecsTaskExecution,
  batchExecution,
];
