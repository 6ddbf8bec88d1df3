import type { JsonObject } from '../../shared/model.ts';

let serial = 0;

/** A CloudTrail record of a successful IAM call, as a user of the account would make it. */
export function anIamEvent(
  eventName: string,
  requestParameters: JsonObject,
  overrides: JsonObject = {},
): JsonObject {
  serial += 1;
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLEEXAMPLE123',
      arn: 'arn:aws:iam::111122223333:user/alice',
      accountId: '111122223333',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      userName: 'alice',
    },
    eventTime: '2026-03-02T10:00:00Z',
    eventSource: 'iam.amazonaws.com',
    eventName,
    awsRegion: 'us-east-1',
    sourceIPAddress: '192.0.2.20',
    userAgent: 'aws-cli/2.22.0',
    requestParameters,
    responseElements: null,
    eventID: `00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: '111122223333',
    ...overrides,
  };
}

/** The record as EventBridge delivers it. */
export function inEnvelope(record: JsonObject): JsonObject {
  return {
    version: '0',
    id: 'a1b2c3d4-0000-4000-8000-000000000000',
    'detail-type': 'AWS API Call via CloudTrail',
    source: record['eventSource'] === 'eks.amazonaws.com' ? 'aws.eks' : 'aws.iam',
    account: record['recipientAccountId'] ?? null,
    time: record['eventTime'] ?? null,
    region: 'us-east-1',
    resources: [],
    detail: record,
  };
}
