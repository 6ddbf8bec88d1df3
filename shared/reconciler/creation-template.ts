import { parsePolicyText } from '../policy/parse.ts';
import type { Json, JsonObject } from '../model.ts';
import type { NamedCall } from './creation-calls.ts';

// CloudFormation fills in what this begins, wherever it stands, and knows no way to mean it literally:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
const DYNAMIC_REFERENCE = '{{resolve:';

/** Why there is no template of some roles, for people. */
export const noTemplate = `its texts hold ${DYNAMIC_REFERENCE}…}}, and CloudFormation would put a secret or a parameter there`;

/**
 * A CloudFormation template with the role that the calls make. Instance profiles are left to the stack that has them.
 * null where it would be another role, with a secret in it for all to read: whoever may describe a role could ask for that.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
 */
export function creationTemplate(calls: readonly NamedCall[]): JsonObject | null {
  const template = templateOf(calls);
  return JSON.stringify(template).includes(DYNAMIC_REFERENCE) ? null : template;
}

function templateOf(calls: readonly NamedCall[]): JsonObject {
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
        // Deleted or replaced with a stack, it would be missing again.
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
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
