import * as z from 'zod/mini';

import { definePreset } from './define.ts';
import { awsManagedPolicy, trustDocument } from './documents.ts';
import { furtherPolicies } from './params.ts';

export const lambdaBasicExecution = definePreset({
  name: 'lambda-basic-execution',
  title: 'Lambda: a function that writes its logs',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html',
  params: z.strictObject({ policies: furtherPolicies }),
  example: { roleName: 'lambda-ex' },
  expand: ({ policies = [] }) => ({
    trustPolicy: trustDocument({ Service: 'lambda.amazonaws.com' }, 'sts:AssumeRole'),
    managedPolicies: {
      attached: [awsManagedPolicy('service-role/AWSLambdaBasicExecutionRole'), ...policies],
    },
  }),
});
