import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

import { type Announcement, announcementMessage } from '../ports/announcement.ts';
import type { AwsRegion } from './in-short-time.ts';

/** Hands announcements to the queue from which people are told. */
export function sqsAnnouncer(
  QueueUrl: string,
  config: AwsRegion = {},
): (announcement: Announcement) => Promise<void> {
  const sqs = new SQSClient(config);
  return async (announcement) => {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: announcementMessage(announcement) }));
  };
}
