import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { awsManagedPolicy, trustDocument } from './documents.ts';
import { oneOrMore } from './params.ts';

const policyOf = {
  volumes: 'service-role/AmazonECSInfrastructureRolePolicyForVolumes',
  'load-balancers': 'AmazonECSInfrastructureRolePolicyForLoadBalancers',
  'service-connect-tls':
    'service-role/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity',
  'vpc-lattice': 'AmazonECSInfrastructureRolePolicyForVpcLattice',
  'managed-instances': 'AmazonECSInfrastructureRolePolicyForManagedInstances',
  'express-mode': 'service-role/AmazonECSInfrastructureRoleforExpressGatewayServices',
} as const;

/** The role with which ECS itself manages volumes, load balancers and the like. */
export const ecsInfrastructure = definePreset({
  name: 'ecs-infrastructure',
  title: 'ECS: manages volumes, load balancers and other infrastructure for its services',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html',
  note: 'In China the service principal is named by the guide of the China Regions only; we have seen no proof.',
  params: z.strictObject({
    manages: oneOrMore(
      z.enum([
        'volumes',
        'load-balancers',
        'service-connect-tls',
        'vpc-lattice',
        'managed-instances',
        'express-mode',
      ]),
    ).check(
      z.describe(
        'What ECS manages with this role, one or several of: volumes (Amazon EBS), load-balancers, service-connect-tls, vpc-lattice, managed-instances, express-mode.',
      ),
    ),
  }),
  example: { roleName: 'ecsInfrastructureRole', params: { manages: ['volumes', 'load-balancers'] } },
  expand: ({ manages }) => ({
    trustPolicy: trustDocument({ Service: 'ecs.amazonaws.com' }, 'sts:AssumeRole'),
    managedPolicies: { attached: [manages].flat().map((what) => awsManagedPolicy(policyOf[what])) },
  }),
});
