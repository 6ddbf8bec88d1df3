import { type MessageAttributeValue, PublishCommand, SNSClient } from '@aws-sdk/client-sns';

import type { TopicMessage, Transports } from '../ports/transports.ts';
import { type AwsRegion, inShortTime } from './in-short-time.ts';

/** Publishes to SNS topics. */
export function snsTopics(config: AwsRegion = {}): Transports['publish'] {
  const sns = new SNSClient({ ...inShortTime, ...config });
  return async (TopicArn, { subject, message, attributes = {} }) => {
    await sns.send(
      new PublishCommand({
        TopicArn,
        ...(subject === undefined ? {} : { Subject: subject }),
        ...messageFields(message),
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [name, attribute(value)]),
        ),
      }),
    );
  };
}

// One text for each protocol: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_RequestParameters
function messageFields(message: TopicMessage['message']) {
  return typeof message === 'string'
    ? { Message: message }
    : { Message: JSON.stringify(message), MessageStructure: 'json' };
}

// https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
function attribute(value: string | readonly string[]): MessageAttributeValue {
  return typeof value === 'string'
    ? { DataType: 'String', StringValue: value }
    : { DataType: 'String.Array', StringValue: JSON.stringify(value) };
}
