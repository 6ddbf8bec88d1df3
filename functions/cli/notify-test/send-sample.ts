import { eventBridgeReportSink } from '../../../shared/aws/eventbridge-report-sink.ts';
import { httpsPost } from '../../../shared/aws/https-post.ts';
import { secretsManagerSecrets } from '../../../shared/aws/secrets.ts';
import { snsTopics } from '../../../shared/aws/sns-topics.ts';
import { randomBytes, systemClock } from '../../../shared/aws/system-clock.ts';
import type { ReconcileReport } from '../../../shared/model.ts';
import { toNotification } from '../../../shared/notifications/to-notification.ts';
import { withRemedy } from '../aws-remedy.ts';
import { reasonOf } from '../read-input.ts';
import type { Recipient } from './recipient.ts';
import { sampleReport } from './sample-report.ts';

export interface SampleSent {
  readonly reportId: string;
  /** `error`: null where the sample was taken. */
  readonly results: readonly { readonly name: string; readonly error: string | null }[];
}

/** Sends one sample to each; what one does not take does not stop the others. */
export async function sendSample(recipients: readonly Recipient[], region: string): Promise<SampleSent> {
  const report = sampleReport(systemClock, randomBytes);
  const results = await Promise.all(
    recipients.map(async (recipient) => ({
      name: recipient.kind === 'bus' ? `bus ${recipient.name}` : recipient.channel.name,
      error: await send(recipient, report, region).then(
        () => null,
        (error: unknown) => reasonOf(withRemedy(error)),
      ),
    })),
  );
  return { reportId: report.id, results };
}

async function send(recipient: Recipient, report: ReconcileReport, region: string): Promise<void> {
  if (recipient.kind === 'bus') return eventBridgeReportSink(recipient.name, { region }).publish(report);
  const notification = toNotification(report);
  if (notification === null) throw new Error('the sample is quiet news');
  const { channel, target, secret } = recipient;
  const transports = {
    publish: snsTopics({ region }),
    post: httpsPost(),
    secret: secret === null ? secretsManagerSecrets({ region }) : async () => secret,
  };
  for (const message of channel.messages([{ report, notification }]))
    await message.deliver(target, transports);
}
