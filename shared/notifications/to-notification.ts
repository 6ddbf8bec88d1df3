import type { ReconcileReport } from '../model.ts';
import { headline } from './headline.ts';
import type { Notification } from './notification.ts';
import { isRecreated } from './recreated.ts';
import { sectionsOf, whoDidIt } from './sections.ts';
import { verdict } from './verdict.ts';

/** Whether people need to know: nobody is told that nothing changed, nor of a role that nobody declared. */
export function isNews(report: ReconcileReport): boolean {
  return report.outcome !== 'in-sync' && report.outcome !== 'not-checked';
}

/**
 * What people are told of a report; null for quiet news. Our own revert seen again is quiet by itself: the event leads to a
 * second look, which finds the role in sync.
 */
export function toNotification(report: ReconcileReport): Notification | null {
  if (!isNews(report)) return null;
  return {
    reportId: report.id,
    incidentId: report.incidentId,
    time: report.time,
    severity: report.severity,
    outcome: report.outcome,
    isConfirmed: report.verified === true,
    isRecreated: isRecreated(report),
    accountId: report.role.accountId,
    roleName: report.role.roleName,
    headline: headline(report),
    verdict: verdict(report),
    who: whoDidIt(report),
    sections: sectionsOf(report),
  };
}
