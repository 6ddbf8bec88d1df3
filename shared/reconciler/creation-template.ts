import { parsePolicyText } from '../policy/parse.ts';
import type { Json, JsonObject } from '../model.ts';
import type { NamedCall } from './creation-calls.ts';

/**
 * A CloudFormation template with the role that the calls make. Instance profiles are left to the stack that has them.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
 */
export function creationTemplate(calls: readonly NamedCall[]): JsonObject {
  const inputsOf = (action: string) => calls.flatMap((call) => (call.action === action ? [call.input] : []));
  const [{ AssumeRolePolicyDocument, ...created } = {}] = inputsOf('iam:CreateRole');
  const attached = inputsOf('iam:AttachRolePolicy').map(({ PolicyArn = '' }) => PolicyArn);
  const policies = inputsOf('iam:PutRolePolicy').map(({ PolicyName = '', PolicyDocument }) => ({
    PolicyName,
    PolicyDocument: documentIn(PolicyDocument),
  }));
  const tags = inputsOf('iam:TagRole').flatMap(({ Tags }) => Tags ?? []);
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'Its role has a name of its own: deploy it with --capabilities CAPABILITY_NAMED_IAM',
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        // Deleted with a stack, it would be missing again.
        DeletionPolicy: 'Retain',
        Properties: {
          ...created,
          AssumeRolePolicyDocument: documentIn(AssumeRolePolicyDocument),
          ...(attached.length > 0 && { ManagedPolicyArns: attached }),
          ...(policies.length > 0 && { Policies: policies }),
          ...(tags.length > 0 && { Tags: tags }),
        },
      },
    },
  };
}

function documentIn(text: Json | undefined): Json {
  return typeof text === 'string' ? parsePolicyText(text) : null;
}
