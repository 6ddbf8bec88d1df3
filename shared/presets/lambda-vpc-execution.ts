import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { awsManagedPolicy, trustDocument } from './documents.ts';
import { furtherPolicies } from './params.ts';

/** Its policy holds what the basic one holds, so that one is only allowed: a function is often put into a VPC later. */
export const lambdaVpcExecution = definePreset({
  name: 'lambda-vpc-execution',
  title: 'Lambda: a function that is attached to a VPC and writes its logs',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html',
  params: z.strictObject({ policies: furtherPolicies }),
  example: { roleName: 'lambda-vpc-role' },
  expand: ({ policies = [] }) => ({
    trustPolicy: trustDocument({ Service: 'lambda.amazonaws.com' }, 'sts:AssumeRole'),
    managedPolicies: {
      attached: [awsManagedPolicy('service-role/AWSLambdaVPCAccessExecutionRole'), ...policies],
      allowed: [awsManagedPolicy('service-role/AWSLambdaBasicExecutionRole')],
    },
  }),
});
