import { batchExecution } from './batch-execution.ts';
import { batchService } from './batch-service.ts';
import type { Preset } from './define.ts';
import { ecsInfrastructure } from './ecs-infrastructure.ts';
import { ecsInstance } from './ecs-instance.ts';
import { ecsTaskExecution } from './ecs-task-execution.ts';
import { ecsTask } from './ecs-task.ts';
import { eksAutoCluster } from './eks-auto-cluster.ts';
import { eksAutoNode } from './eks-auto-node.ts';
import { eksCluster } from './eks-cluster.ts';
import { eksEbsCsiDriver } from './eks-ebs-csi-driver.ts';
import { eksEfsCsiDriver } from './eks-efs-csi-driver.ts';
import { eksFargatePodExecution } from './eks-fargate-pod-execution.ts';
import { eksLoadBalancerController } from './eks-load-balancer-controller.ts';
import { eksNodeRestricted } from './eks-node-restricted.ts';
import { eksNode } from './eks-node.ts';
import { eksPodIdentity } from './eks-pod-identity.ts';
import { eksVpcCni } from './eks-vpc-cni.ts';
import { githubActionsDeployer } from './github-actions-deployer.ts';
import { lambdaBasicExecution } from './lambda-basic-execution.ts';
import { lambdaVpcExecution } from './lambda-vpc-execution.ts';

/** THE LIST: roles that AWS's guides describe, by name. */
export const presets: readonly Preset[] = [
  eksFargatePodExecution,
  eksNode,
  eksNodeRestricted,
  eksAutoNode,
  eksCluster,
  eksAutoCluster,
  eksPodIdentity,
  eksVpcCni,
  eksEbsCsiDriver,
  eksEfsCsiDriver,
  eksLoadBalancerController,
  ecsTaskExecution,
  ecsTask,
  ecsInstance,
  ecsInfrastructure,
  batchExecution,
  batchService,
  lambdaBasicExecution,
  lambdaVpcExecution,
  githubActionsDeployer,
];
