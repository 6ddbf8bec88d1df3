import { aspects } from '../aspects/index.ts';
import { UnreadableEventError } from '../errors.ts';
import type { IamChangeEvent, JsonObject, Partition } from '../model.ts';
import { ACCOUNT_ID } from '../policy/account-id.ts';
import { actorOf } from './actor.ts';
import { field, fieldAt, flagOf, idOf, isFields, textOf } from './fields.ts';
import { requestParametersOf } from './request-parameters.ts';

export type IgnoredReason = 'failed-call' | 'read-only' | 'not-iam' | 'not-a-call';

export type ParsedEvent =
  | { readonly kind: 'change'; readonly event: IamChangeEvent }
  | { readonly kind: 'ignored'; readonly reason: IgnoredReason };

/** Calls that say nothing without `requestParameters.roleName`. CreateServiceLinkedRole and AcquireRole are not among them: IAM, or a template, makes up the name. */
const roleCalls = new Set([
  'AddRoleToInstanceProfile',
  'AttachRolePolicy',
  'CreateRole',
  'DeleteRole',
  'DeleteRolePermissionsBoundary',
  'DeleteRolePolicy',
  'DeleteServiceLinkedRole',
  'DetachRolePolicy',
  'PutRolePermissionsBoundary',
  'PutRolePolicy',
  'RemoveRoleFromInstanceProfile',
  'TagRole',
  'UntagRole',
  'UpdateAssumeRolePolicy',
  'UpdateRole',
  'UpdateRoleDescription',
]);

/** Calls that change what roles may do, and say nothing without `requestParameters.policyArn`. */
const policyCalls = new Set([
  'CreatePolicyVersion',
  'DeletePolicy',
  'DeletePolicyVersion',
  'SetDefaultPolicyVersion',
]);

const IAM = 'iam.amazonaws.com';

const readNames = /^(?:Describe|Generate|Get|List|Simulate)/u;

/**
 * Reads an EventBridge delivery or a bare CloudTrail record. Soft on types (any field may be missing, a number may be text),
 * hard on meaning: a change of a role that does not say which role is never skipped in silence.
 * A change of something else in IAM (a user, a group) is a change without a role name.
 *
 * @throws {UnreadableEventError} if `input` is no CloudTrail record, or a successful change whose account, time, role or policy cannot be read.
 */
export function parseIamEvent(input: unknown): ParsedEvent {
  const { record, envelope } = unwrap(input);
  const eventName = textOf(field(record, 'eventName'));
  const eventSource = eventSourceOf(record, envelope);
  if (eventName === null) throw unreadable('no eventName', record);
  if (eventSource === null) throw unreadable('no eventSource', record);

  const reason = reasonToIgnore(record, eventName, eventSource);
  return reason === null
    ? { kind: 'change', event: changeOf(record, envelope, eventName, eventSource) }
    : { kind: 'ignored', reason };
}

function unwrap(input: unknown): { record: unknown; envelope: unknown } {
  if (!isFields(input)) throw new UnreadableEventError(`not a CloudTrail event, but ${kindOf(input)}`);
  const detail = field(input, 'detail');
  const wrapped = isFields(detail) && field(input, 'eventName') === undefined;
  return wrapped ? { record: detail, envelope: input } : { record: input, envelope: null };
}

/** CloudTrail's spelling; the envelope's `aws.iam` stands in for it. */
function eventSourceOf(record: unknown, envelope: unknown): string | null {
  const eventSource = textOf(field(record, 'eventSource'));
  if (eventSource !== null) return eventSource.toLowerCase();
  const source = /^aws\.([\w-]+)$/u.exec(textOf(field(envelope, 'source')) ?? '')?.[1];
  return source === undefined ? null : `${source}.amazonaws.com`;
}

function reasonToIgnore(record: unknown, eventName: string, eventSource: string): IgnoredReason | null {
  // Records before eventVersion 1.02 have no eventType, and were all calls.
  const eventType = textOf(field(record, 'eventType')) ?? 'AwsApiCall';
  if (eventType !== 'AwsApiCall' && eventType !== 'AwsConsoleAction') return 'not-a-call';
  if (eventSource !== IAM && !isTrigger(eventSource, eventName)) return 'not-iam';
  // Their presence, not their text: services disagree on the spelling of codes, some with the suffix Exception.
  if (isPresent(field(record, 'errorCode')) || isPresent(field(record, 'errorMessage'))) return 'failed-call';
  return (flagOf(field(record, 'readOnly')) ?? readNames.test(eventName)) ? 'read-only' : null;
}

/** Of other services, only the calls that some aspect asks for change a role. */
function isTrigger(eventSource: string, eventName: string): boolean {
  return aspects.some(({ triggers }) =>
    triggers.some((one) => one.eventSource === eventSource && one.eventNames.includes(eventName)),
  );
}

function changeOf(
  record: unknown,
  envelope: unknown,
  eventName: string,
  eventSource: string,
): IamChangeEvent {
  const requestParameters = requestParametersOf(field(record, 'requestParameters'));
  const roleName =
    eventSource === IAM
      ? roleNameOf(record, requestParameters, eventName)
      : roleNameOfArn(requestParameters['roleArn']);
  const eventTime = isoTimeOf(field(record, 'eventTime')) ?? isoTimeOf(field(envelope, 'time'));
  if (eventTime === null)
    throw unreadable(`eventTime is no time: ${shown(field(record, 'eventTime'))}`, record);
  const region = textOf(field(record, 'awsRegion')) ?? textOf(field(envelope, 'region'));
  return {
    // A redelivery must have the same id, so never the envelope's, which is made anew for each delivery path.
    eventId:
      idOf(field(record, 'eventID')) ??
      idOf(field(record, 'requestID')) ??
      `${eventName}:${eventTime}:${roleName ?? ''}`,
    eventName,
    eventSource,
    eventTime,
    // Where IAM's calls are recorded, outside of China and GovCloud.
    region: region ?? 'us-east-1',
    partition: region === null ? partitionOfArn(fieldAt(record, 'userIdentity', 'arn')) : partitionOf(region),
    accountId: accountIdOf(record, envelope),
    actor: actorOf(record),
    roleName,
    policyArn: policyArnOf(record, requestParameters, eventName),
    requestParameters,
  };
}

function roleNameOf(record: unknown, requestParameters: JsonObject, eventName: string): string | null {
  const given =
    eventName === 'CreateServiceLinkedRole' || eventName === 'AcquireRole'
      ? fieldAt(record, 'responseElements', 'role', 'roleName')
      : requestParameters['roleName'];
  if (!isPresent(given) && !roleCalls.has(eventName)) return null;
  const roleName = idOf(given);
  // IAM's own rule for names. It also keeps a forged name from reaching a log, a terminal or a chat as markup.
  if (roleName !== null && /^[\w+=,.@-]{1,64}$/u.test(roleName)) return roleName;
  throw unreadable(
    isPresent(given)
      ? `roleName is no name that IAM allows: ${shown(given)}`
      : 'no roleName in requestParameters',
    record,
  );
}

const ROLE_ARN = new RegExp(
  String.raw`^arn:[\w-]+:iam::${ACCOUNT_ID}:role\/(?:[!-~]+\/)?([\w+=,.@-]{1,64})$`,
  'u',
);

/** Other services name roles by their ARNs. What is none concerns no role by its name. */
function roleNameOfArn(arn: unknown): string | null {
  return ROLE_ARN.exec(textOf(arn) ?? '')?.[1] ?? null;
}

const POLICY_ARN = new RegExp(String.raw`^arn:[\w-]+:iam::(?:${ACCOUNT_ID}|aws):policy\/[!-~]{1,1000}$`, 'u');

function policyArnOf(record: unknown, requestParameters: JsonObject, eventName: string): string | null {
  const given =
    eventName === 'CreatePolicy'
      ? fieldAt(record, 'responseElements', 'policy', 'arn')
      : requestParameters['policyArn'];
  const policyArn = textOf(given);
  if (policyArn !== null && POLICY_ARN.test(policyArn)) return policyArn;
  // Where the role is named, the role is read and what was attached comes to light there.
  if (!policyCalls.has(eventName)) return null;
  throw unreadable(`policyArn is no policy's ARN: ${shown(given)}`, record);
}

const ANY_ACCOUNT_ID = new RegExp(`^${ACCOUNT_ID}$`, 'u');

/**
 * The account that was changed. `userIdentity.accountId` is the caller's, which is another one when the call crossed accounts,
 * so it comes last: only records older than `recipientAccountId` lack the others.
 */
function accountIdOf(record: unknown, envelope: unknown): string {
  const given = [
    field(record, 'recipientAccountId'),
    field(envelope, 'account'),
    fieldAt(record, 'userIdentity', 'accountId'),
  ];
  for (const value of given) {
    // As a number, an id has lost its leading zeros.
    const accountId = typeof value === 'number' ? idOf(value)?.padStart(12, '0') : textOf(value);
    if (accountId !== undefined && accountId !== null && ANY_ACCOUNT_ID.test(accountId)) return accountId;
  }
  throw unreadable(`no account id: recipientAccountId is ${shown(given[0])}`, record);
}

/** ISO 8601 in UTC, without milliseconds where there are none; null for what is no time. */
function isoTimeOf(value: unknown): string | null {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?$/u.exec(textOf(value) ?? '');
  // Without a zone, JavaScript would take the machine's.
  const time = parts === null ? Number.NaN : Date.parse(`${parts[1] ?? ''}${parts[2] ?? 'Z'}`);
  return Number.isNaN(time) ? null : new Date(time).toISOString().replace('.000Z', 'Z');
}

const partitions: readonly (readonly [regions: RegExp, partition: Partition])[] = [
  [/^cn-/u, 'aws-cn'],
  [/^us-gov-/u, 'aws-us-gov'],
  [/^eusc-/u, 'aws-eusc'],
  [/^us-iso-/u, 'aws-iso'],
  [/^us-isob-/u, 'aws-iso-b'],
  [/^us-isof-/u, 'aws-iso-f'],
  [/^eu-isoe-/u, 'aws-iso-e'],
];

function partitionOf(region: string): Partition {
  return partitions.find(([regions]) => regions.test(region))?.[1] ?? 'aws';
}

function partitionOfArn(arn: unknown): Partition {
  return /^arn:(aws[a-z-]*):/u.exec(textOf(arn) ?? '')?.[1] ?? 'aws';
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function unreadable(problem: string, record: unknown): UnreadableEventError {
  const [name, id] = [field(record, 'eventName'), field(record, 'eventID')];
  if (name === undefined && id === undefined)
    return new UnreadableEventError(`not a CloudTrail event: ${problem}, nor eventID`);
  return new UnreadableEventError(`CloudTrail event ${shown(id)} (${shown(name)}): ${problem}`);
}

/** A foreign value in a message: quoted, cut, and with nothing but printable ASCII. */
function shown(value: unknown): string {
  if (typeof value !== 'string') return kindOf(value);
  const quoted = JSON.stringify(value.slice(0, 80)).replaceAll(
    /[^ -~]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return value.length > 80 ? `${quoted}…` : quoted;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}
