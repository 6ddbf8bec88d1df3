import type { Circumstances } from './implication.ts';
import { isUniqueId } from './unique-id.ts';

/** A principal as people name it, and the condition keys that the name already speaks of. */
export interface Named {
  readonly name: string;
  readonly told: ReadonlySet<string>;
}

const serviceNames = new Map([
  ['apigateway', 'the API Gateway service'],
  ['backup', 'the AWS Backup service'],
  ['batch', 'the Batch service'],
  ['bedrock', 'the Bedrock service'],
  ['cloudformation', 'the CloudFormation service'],
  ['cloudtrail', 'the CloudTrail service'],
  ['codebuild', 'the CodeBuild service'],
  ['codedeploy', 'the CodeDeploy service'],
  ['codepipeline', 'the CodePipeline service'],
  ['config', 'the AWS Config service'],
  ['ec2', 'the EC2 service'],
  ['ecs', 'the ECS service'],
  ['ecs-tasks', 'the ECS tasks service'],
  ['edgelambda', 'the Lambda@Edge service'],
  ['eks', 'the EKS service'],
  ['eks-fargate', 'EKS Fargate'],
  ['eks-fargate-pods', 'EKS Fargate'],
  ['eks-nodegroup', 'the EKS node group service'],
  ['elasticmapreduce', 'the EMR service'],
  ['events', 'the EventBridge service'],
  ['firehose', 'the Data Firehose service'],
  ['glue', 'the Glue service'],
  ['lambda', 'the Lambda service'],
  ['pipes', 'the EventBridge Pipes service'],
  ['pods.eks', 'EKS Pod Identity'],
  ['rds', 'the RDS service'],
  ['s3', 'the S3 service'],
  ['sagemaker', 'the SageMaker service'],
  ['scheduler', 'the EventBridge Scheduler service'],
  ['sns', 'the SNS service'],
  ['spotfleet', 'the EC2 Spot Fleet service'],
  ['sqs', 'the SQS service'],
  ['ssm', 'the Systems Manager service'],
  ['states', 'the Step Functions service'],
  ['transfer', 'the Transfer Family service'],
  ['vpc-flow-logs', 'the VPC Flow Logs service'],
]);

const webIdentities = new Map([
  ['cognito-identity.amazonaws.com', 'any Amazon Cognito identity'],
  ['www.amazon.com', 'any Login with Amazon identity'],
  ['graph.facebook.com', 'any Facebook identity'],
  ['accounts.google.com', 'any Google identity'],
]);

const github = 'token.actions.githubusercontent.com';
const nothing: ReadonlySet<string> = new Set();

/** Names a principal (`TYPE:value`) under the circumstances in which it has access. */
export function nameOf(principal: string, when: Circumstances): Named {
  const colon = principal.indexOf(':');
  const [type, value] = [principal.slice(0, colon), principal.slice(colon + 1)];
  if (type === 'AWS') return { name: awsName(value), told: nothing };
  if (type === 'Service') return { name: serviceName(value), told: nothing };
  if (type === 'Federated') return federatedName(value, when);
  if (type === 'CanonicalUser') return { name: `the S3 canonical user ${value}`, told: nothing };
  return { name: principal, told: nothing };
}

function awsName(value: string): string {
  if (value === '*') return 'anyone, in any AWS account,';
  if (isUniqueId(value)) return `a deleted ${value.startsWith('AROA') ? 'role' : 'user'}, ${value},`;
  const [, partition = '', service, account = '', resource = ''] =
    /^arn:([^:]*):(iam|sts)::([^:]*):(.*)$/s.exec(value) ?? [];
  const where = `account ${account}${partition === 'aws' ? '' : ` (${partition})`}`;
  const slash = resource.indexOf('/');
  const [kind, name] = [resource.slice(0, Math.max(slash, 0)), resource.slice(slash + 1)];
  if (service === 'iam' && resource === 'root') return where;
  if (service === 'iam' && (kind === 'role' || kind === 'user')) return `${kind} ${name} in ${where}`;
  if (service === 'sts' && kind === 'federated-user') return `federated user ${name} in ${where}`;
  if (service === 'sts' && kind === 'assumed-role') {
    const [role = '', session = ''] = name.split('/');
    return `session ${session} of role ${role} in ${where}`;
  }
  return `the AWS principal ${value}`;
}

function serviceName(value: string): string {
  const known = /^(.+)\.amazonaws\.com(\.cn)?$/.exec(value);
  const name = serviceNames.get(known?.[1] ?? '');
  if (name === undefined) return `the service ${value}`;
  return known?.[2] === undefined ? name : `${name} (China)`;
}

function federatedName(value: string, when: Circumstances): Named {
  const [, account = '', kind = '', name = ''] =
    /^arn:[^:]*:iam::([^:]*):(oidc-provider|saml-provider)\/(.*)$/s.exec(value) ?? [];
  if (kind === 'saml-provider') {
    return { name: `any identity of the SAML provider ${name} in account ${account}`, told: nothing };
  }
  if (kind === '') return { name: webIdentities.get(value) ?? `any identity of ${value}`, told: nothing };
  const subjects = when.filter(
    ({ key, operator }) => key === `${name}:sub`.toLowerCase() && /^string(equals|like)$/.test(operator),
  );
  const [subject, ...more] = subjects.flatMap(({ values }) => values);
  if (subject === undefined || more.length > 0 || subjects.length > 1) {
    return { name: anyOf(name, account), told: nothing };
  }
  const told = new Set([`${name}:sub`, `${name}:aud`].map((key) => key.toLowerCase()));
  const one = name === github ? githubSubject(subject) : podSubject(name, subject);
  return one === null ? { name: anyOf(name, account), told: nothing } : { name: one, told };
}

function anyOf(provider: string, account: string): string {
  return provider === github
    ? 'GitHub Actions, of any repository,'
    : `any identity of the OIDC provider ${provider} in account ${account}`;
}

/** GitHub's subject claims: repo:ORG/REPO:ref:refs/heads/BRANCH, :environment:NAME, :pull_request (GitHub docs, OIDC). */
function githubSubject(subject: string): string | null {
  const [, repository, context] = /^repo:([^:*?]+\/[^:]*?)(?::(.*)|\*)$/s.exec(subject) ?? [];
  if (repository === undefined || /[?]/.test(subject)) return null;
  const organisation = /^([^/]+)\/\*?$/.exec(repository)?.[1];
  const who = organisation === undefined ? repository : `any repository of ${organisation}`;
  if (/[*]/.test(who)) return null;
  if (context === undefined || context === '*') return `GitHub Actions of ${who}, any branch,`;
  const branch = /^ref:refs\/heads\/([^*]+)$/.exec(context)?.[1];
  if (branch !== undefined) return `GitHub Actions of ${who}, branch ${branch},`;
  const environment = /^environment:([^*]+)$/.exec(context)?.[1];
  if (environment !== undefined) return `GitHub Actions of ${who}, environment ${environment},`;
  return context === 'pull_request'
    ? `GitHub Actions of ${who}, any pull request,`
    : `GitHub Actions of ${who}, ${context},`;
}

/** IAM roles for service accounts: system:serviceaccount:NAMESPACE:NAME (EKS user guide). */
function podSubject(provider: string, subject: string): string | null {
  const [, namespace, account] = /^system:serviceaccount:([^:*?]+):([^:*?]+)$/.exec(subject) ?? [];
  if (namespace === undefined || account === undefined) return null;
  return `Kubernetes service account ${namespace}/${account} of ${provider}`;
}
