import { Token } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod/mini';

import { channels } from '../shared/notifications/channels/index.ts';

// Where a partition's control plane of IAM is, and its events with it. Only us-east-1 is documented:
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
const iamEventRegions = [
  'us-east-1',
  'cn-north-1',
  'us-gov-west-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'us-isof-south-1',
  'eu-isoe-west-1',
  'eusc-de-east-1',
] as const;

// CloudWatch Logs takes these numbers only.
const logRetentions = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

// Every error text is the remedy: what to write instead.
const email = textLike(/^[^\s@]+@[^\s@]+$/, 'write an e-mail address, such as security@example.com');
const topicArn = textLike(
  /^arn:[^:]+:sns:[a-z0-9-]+:\d{12}:[\w-]+$/,
  'write the ARN of an SNS topic, such as arn:aws:sns:us-east-1:111122223333:drift',
);

const keyArn = textLike(
  /^arn:[^:]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/,
  'write the ARN of a key (not of an alias), such as arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
);

/** What `Settings` promises, checked as it runs: type stripping checks no types. */
export const settingsSchema = section({
  specFile: z.optional(textLike(/./, 'write the path of a spec, such as infra/spec/roles.yaml')),
  mode: z.optional(oneOf(['detect', 'enforce'])),
  region: z.optional(
    z.enum(iamEventRegions, {
      error:
        "IAM's events do not arrive there: they arrive in us-east-1, " +
        `in other partitions in ${iamEventRegions.slice(1).join(', ')}`,
    }),
  ),
  notifications: z.optional(
    section({
      emails: z.optional(z.array(email)),
      ...channelSettings(),
    }),
  ),
  alarms: z.optional(
    section({ emails: z.optional(z.array(email)), topicArns: z.optional(z.array(topicArn)) }),
  ),
  tampering: z.optional(
    section({ emails: z.optional(z.array(email)), keyArns: z.optional(z.array(keyArn)) }),
  ),
  canary: z.optional(z.boolean({ error: 'write true or false' })),
  reportBus: z.optional(
    section({
      existingName: z.optional(textLike(/^[\w./-]{1,256}$/, 'write the name (not the ARN) of an event bus')),
      archiveDays: z.optional(wholeNumber(0, 36_500, 'days')),
    }),
  ),
  resyncHours: z.optional(wholeNumber(1, 24, 'hours')),
  limits: z.optional(
    section({
      exemptionHours: z.optional(wholeNumber(1, 168, 'hours')),
      fightReverts: z.optional(wholeNumber(2, 20, 'reverts')),
      fightMinutes: z.optional(wholeNumber(1, 60, 'minutes')),
      manyRoles: z.optional(wholeNumber(1, 1000, 'roles')),
      manyPercent: z.optional(wholeNumber(1, 100, 'percent')),
      manyMinutes: z.optional(wholeNumber(1, 60, 'minutes')),
    }),
  ),
  ledgerDays: z.optional(wholeNumber(1, 3650, 'days')),
  logDays: z.optional(
    z.literal(logRetentions, { error: `write one of CloudWatch's choices: ${logRetentions.join(', ')}` }),
  ),
  logLevel: z.optional(oneOf(['DEBUG', 'INFO', 'WARN', 'ERROR'])),
  deletionProtection: z.optional(z.boolean({ error: 'write true or false' })),
});

/** One for each channel, by its own words. */
function channelSettings() {
  return Object.fromEntries(
    channels.map(({ setting }) => [setting.key, z.optional(textLike(setting.form, setting.remedy))]),
  );
}

// In another CDK app a text may be a token, known on deployment only.
function textLike(form: RegExp, error: string) {
  return z
    .string({ error })
    .check(z.refine((text) => Token.isUnresolved(text) || form.test(text), { error }));
}

function section<const Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, { error: 'write an object of settings' });
}

function oneOf<const Choice extends string>(choices: readonly Choice[]) {
  return z.enum(choices, { error: `write ${choices.join(' or ')}` });
}

function wholeNumber(least: number, most: number, unit: string) {
  const error = `write a whole number of ${unit} from ${least} to ${most}`;
  return z.int({ error }).check(z.gte(least, { error }), z.lte(most, { error }));
}
