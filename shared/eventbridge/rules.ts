import type { Aspect } from '../aspects/define.ts';
import type { JsonObject } from '../model.ts';
import { matchesEvent } from './matcher.ts';
import { isObject } from './json.ts';

/** A rule on the default event bus, of the region where the source's events arrive. */
export interface EventRule {
  /** Unique among the rules, such as `iam-changes`. */
  readonly name: string;
  /** The envelope's `source`, such as `aws.iam`. */
  readonly source: string;
  readonly pattern: JsonObject;
}

// Whatever a role declares, its birth and its end concern it. No aspect asks for them: they belong to the role.
const ROLE_LIFECYCLE = {
  eventSource: 'iam.amazonaws.com',
  eventNames: ['AcquireRole', 'CreateRole', 'DeleteRole'],
} as const;

// Characters of the pattern as JSON, a quota that can be raised, but must not have to be:
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
const LONGEST_PATTERN = 2048;

/**
 * The rules that wake the function, one for each event source of the aspects' triggers.
 *
 * A pattern asks for the names of successful calls, and for nothing that a caller could choose. Roles are not named:
 * patterns are case-sensitive and names of roles are not. Nor is our own role left out: whoever acts in its name must
 * be seen, too. `errorCode` is asked to be absent, since no form of it is common to all failed calls. `detail-type` is
 * not asked for: its wording is not the same in every partition.
 */
export function eventRules(aspects: readonly Pick<Aspect, 'triggers'>[]): readonly EventRule[] {
  const namesBySource = new Map<string, Set<string>>();
  for (const { eventSource, eventNames } of [ROLE_LIFECYCLE, ...aspects.flatMap((aspect) => aspect.triggers)])
    namesBySource.set(eventSource, new Set([...(namesBySource.get(eventSource) ?? []), ...eventNames]));
  return [...namesBySource]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([source, names]) => ruleOf(source, names));
}

function ruleOf(eventSource: string, eventNames: ReadonlySet<string>): EventRule {
  const source = sourceOf(eventSource);
  const name = `${source.slice('aws.'.length)}-changes`;
  const pattern = {
    source: [source],
    detail: {
      eventSource: [eventSource],
      eventName: [...eventNames].sort(),
      errorCode: [{ exists: false }],
    },
  };
  const length = JSON.stringify(pattern).length;
  if (length > LONGEST_PATTERN)
    throw new RangeError(
      `event rule "${name}": its pattern is ${length} characters long, EventBridge takes ${LONGEST_PATTERN}; ` +
        `give the triggers of ${eventSource} fewer event names`,
    );
  return { name, source, pattern };
}

/**
 * Whether one of the rules would deliver this event. A bare CloudTrail record is asked about in the envelope that
 * EventBridge would put it in. What is neither is delivered by none.
 */
export function isDelivered(rules: readonly EventRule[], event: unknown): boolean {
  const envelope = isObject(event) && isObject(event['detail']) ? event : envelopeOf(event);
  return rules.some((rule) => matchesEvent(rule.pattern, envelope));
}

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
function envelopeOf(record: unknown): unknown {
  if (!isObject(record)) return record;
  const { eventID, eventSource, recipientAccountId, eventTime, awsRegion } = record;
  return {
    version: '0',
    id: eventID,
    'detail-type': 'AWS API Call via CloudTrail',
    source: typeof eventSource === 'string' ? sourceOf(eventSource) : null,
    account: recipientAccountId,
    time: eventTime,
    region: awsRegion,
    resources: [],
    detail: record,
  };
}

/** EventBridge's name for a service: `aws.iam` for `iam.amazonaws.com`. */
function sourceOf(eventSource: string): string {
  return `aws.${eventSource.replace(/\..*/, '')}`;
}
