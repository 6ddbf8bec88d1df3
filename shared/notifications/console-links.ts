import type { ReconcileReport } from '../model.ts';
import { urlSegment } from './escape.ts';

/** The console's host in each partition; null where we know of none. */
const consoleHosts: ReadonlyMap<string, string> = new Map([
  ['aws', 'console.aws.amazon.com'],
  ['aws-cn', 'console.amazonaws.cn'],
  ['aws-us-gov', 'console.amazonaws-us-gov.com'],
]);

/** Beyond this a hostile name has made the address useless, and Slack refuses one of more than 3,000 characters. */
const longestUrl = 2000;

/** The role's page; null in a partition without a public console. */
export function roleLink(report: Pick<ReconcileReport, 'role' | 'causes'>): string | null {
  return link(report, `/iam/home#/roles/details/${urlSegment(report.role.roleName)}`);
}

/** The event's page in CloudTrail's event history, where it can be seen for 90 days. */
export function eventLink(
  report: Pick<ReconcileReport, 'role' | 'causes'>,
  event: { readonly eventId: string; readonly region: string },
): string | null {
  const region = urlSegment(event.region);
  return link(report, `/cloudtrailv2/home?region=${region}#/events/${urlSegment(event.eventId)}`);
}

function link(report: Pick<ReconcileReport, 'role' | 'causes'>, path: string): string | null {
  const host = consoleHosts.get(partitionOf(report));
  const url = `https://${host}${path}`;
  return host === undefined || url.length > longestUrl ? null : url;
}

/** A report has no partition of its own; a role that was not read has no ARN, but its event has a region. */
function partitionOf(report: Pick<ReconcileReport, 'role' | 'causes'>): string {
  const fromArn = report.role.arn?.split(':')[1];
  if (fromArn !== undefined) return fromArn;
  const region = report.causes[0]?.region ?? '';
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
