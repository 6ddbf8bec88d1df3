/**
 * What a policy without conditions says about each of a few principals, actions and resources, found by trying them all.
 * Written from the user guide's evaluation logic, and sharing no code with the product, so that it can judge it.
 */
export type Verdict = 'deny' | 'none' | 'allow';

export interface SmallStatement {
  Effect: 'Allow' | 'Deny';
  Principal?: { AWS?: string[]; Service?: string[] };
  Action?: string[];
  NotAction?: string[];
  Resource?: string[];
  NotResource?: string[];
}

export interface SmallPolicy {
  Version: '2012-10-17';
  Statement: SmallStatement[];
}

export interface Request {
  principal: { type: 'AWS' | 'Service'; id: string } | null;
  action: string;
  resource: string | null;
}

export const principalChoices = {
  AWS: [
    '*',
    'arn:aws:iam::111111111111:root',
    'arn:aws:iam::111111111111:role/x',
    'arn:aws:iam::111111111111:role/y',
  ],
  Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'],
};
export const actionChoices = ['*', 'sts:*', 'sts:Assume*', 'sts:AssumeRole', 'sts:TagSession'];
export const resourceChoices = ['*', 'arn:aws:s3:::b/*', 'arn:aws:s3:::b/x', 'arn:aws:s3:::c'];

// One witness for each thing that a choice can mean by itself.
const principals: NonNullable<Request['principal']>[] = [
  { type: 'AWS', id: 'arn:aws:iam::999999999999:role/somebody-else' },
  { type: 'AWS', id: 'arn:aws:iam::111111111111:root' },
  { type: 'AWS', id: 'arn:aws:iam::111111111111:role/x' },
  { type: 'AWS', id: 'arn:aws:iam::111111111111:role/y' },
  { type: 'Service', id: 'ec2.amazonaws.com' },
  { type: 'Service', id: 'lambda.amazonaws.com' },
];
const actions = [
  's3:GetObject',
  'sts:GetCallerIdentity',
  'sts:AssumeRoot',
  'sts:AssumeRole',
  'sts:TagSession',
];
const resources = ['arn:aws:s3:::d', 'arn:aws:s3:::b/y', 'arn:aws:s3:::b/x', 'arn:aws:s3:::c'];

export const trustRequests: Request[] = principals.flatMap((principal) =>
  actions.map((action) => ({ principal, action, resource: null })),
);
export const identityRequests: Request[] = actions.flatMap((action) =>
  resources.map((resource) => ({ principal: null, action, resource })),
);

export function verdict(policy: SmallPolicy, request: Request): Verdict {
  const effects = policy.Statement.filter((statement) => concerns(statement, request)).map(
    ({ Effect }) => Effect,
  );
  if (effects.includes('Deny')) return 'deny';
  return effects.includes('Allow') ? 'allow' : 'none';
}

function concerns(statement: SmallStatement, { principal, action, resource }: Request): boolean {
  if (principal !== null && !namesPrincipal(statement, principal)) return false;
  if (!among(statement.Action, statement.NotAction, action)) return false;
  return resource === null || among(statement.Resource, statement.NotResource, resource);
}

function namesPrincipal(
  { Principal }: SmallStatement,
  { type, id }: { type: 'AWS' | 'Service'; id: string },
): boolean {
  const named = Principal?.[type] ?? [];
  return named.includes(id) || (type === 'AWS' && named.includes('*'));
}

function among(given: string[] | undefined, excluded: string[] | undefined, value: string): boolean {
  if (given !== undefined) return given.some((pattern) => like(pattern, value));
  return excluded !== undefined && !excluded.some((pattern) => like(pattern, value));
}

function like(pattern: string, value: string): boolean {
  if (!pattern.endsWith('*')) return pattern === value;
  return value.startsWith(pattern.slice(0, -1));
}

const heights: Record<Verdict, number> = { deny: 0, none: 1, allow: 2 };

export function rises(from: SmallPolicy, to: SmallPolicy, requests: Request[]): Request[] {
  return requests.filter((request) => heights[verdict(to, request)] > heights[verdict(from, request)]);
}

/** As text: an empty list of statements is no policy, but a document without statements is. */
export function asText(policy: SmallPolicy): string {
  return JSON.stringify(policy.Statement.length === 0 ? { Version: policy.Version } : policy);
}
