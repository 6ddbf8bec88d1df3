import type { Json, ReconcileReport } from '../model.ts';
import { renderEmail } from './email.ts';
import { renderJson } from './json.ts';
import type { Notification } from './notification.ts';
import { renderSlack } from './slack.ts';
import { isNews, toNotification } from './to-notification.ts';

export type RendererName = 'slack' | 'email' | 'json';

/**
 * What channels get of one report, by the name that `replay --show` takes: Slack's exact webhook body; an e-mail's `{subject, text}`; the report for machines.
 * null for quiet news, which no channel gets.
 */
export const renderers: Readonly<Record<RendererName, (report: ReconcileReport) => Json | null>> = {
  slack: told(renderSlack),
  email: told(renderEmail),
  json: (report) => (isNews(report) ? renderJson(report) : null),
};

function told(render: (notification: Notification) => Json) {
  return (report: ReconcileReport): Json | null => {
    const notification = toNotification(report);
    return notification === null ? null : render(notification);
  };
}
