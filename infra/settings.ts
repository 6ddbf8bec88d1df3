/**
 * Everything that can be set about an installation, in one place. Edit `settings` below, then `npm run deploy`.
 * The construct `DriftRemediator` takes the same as its props. What is left out has the default that stands beside it;
 * a setting that is unknown or has a wrong value is refused at synth.
 */
export const settings: Settings = {};

export interface Settings {
  /**
   * The declared roles: a file, relative to the folder in which CDK runs.
   * @default 'infra/spec/roles.yaml'
   */
  readonly specFile?: string;

  /**
   * One mode for every role and aspect, whatever the spec says: `detect` for a first deployment that only tells.
   * @default - as the spec declares
   */
  readonly mode?: 'detect' | 'enforce';

  /**
   * The region where IAM's events arrive: `us-east-1`, in other partitions another one (`cn-north-1`,
   * `us-gov-west-1`, …). The stack must be deployed there; other regions are refused, since they see no IAM event.
   * @default 'us-east-1'
   */
  readonly region?: string;

  /** Who is told of drift. */
  readonly notifications?: {
    /**
     * Subscribed to the topic; AWS asks each address to confirm.
     * @default []
     */
    readonly emails?: readonly string[];
    /**
     * An SNS topic of yours, in the same region, to publish to instead of one of the stack's own. It must not be
     * encrypted with a key that the function may not use.
     * @default - the stack makes a topic
     */
    readonly topicArn?: string;
    /**
     * Name of a secret in Secrets Manager that holds the URL of a Slack incoming webhook.
     * @default - no Slack
     */
    readonly slackSecretName?: string;
    /**
     * ARN of an SNS topic of yours that Amazon Q Developer in chat applications (once AWS Chatbot) listens to, for Slack,
     * Teams and Chime. It must be for this alone: other subscribers would get JSON, and Amazon Q drops other messages.
     * @default - no Amazon Q
     */
    readonly amazonQTopicArn?: string;
  };

  /** Who is told when the remediator itself is in trouble. */
  readonly alarms?: {
    /**
     * Subscribed to the alarm topic.
     * @default - those of `notifications.emails`
     */
    readonly emails?: readonly string[];
    /**
     * SNS topics of yours to notify instead of one of the stack's own. CloudWatch and EventBridge must be allowed to
     * publish to them, EventBridge without a condition; where the AWS managed key `aws/sns` encrypts them, they are not.
     * @default - the stack makes a topic
     */
    readonly topicArns?: readonly string[];
  };

  /**
   * Who is told when somebody lays hands on the remediator itself or on a trail. A topic of its own, told by rules that
   * need nothing else of the stack; tampering with that topic or those rules is told to `alarms`.
   */
  readonly tampering?: {
    /**
     * Subscribed to the topic.
     * @default - those of `alarms.emails`
     */
    readonly emails?: readonly string[];
    /**
     * ARNs of KMS keys, in the same region, without which somebody would not be told: those of your trail, your topics,
     * your secret.
     * @default []
     */
    readonly keyArns?: readonly string[];
  };

  /**
   * Whether a role that can do nothing is changed every half hour, to see that it is put back and how long that takes.
   * If it is not, an alarm goes off.
   * @default false
   */
  readonly canary?: boolean;

  /** Where reports go for programs: each is an event with source `iam-drift-remediator`. */
  readonly reportBus?: {
    /**
     * Name of an event bus of yours, in the same account and region; its archive is yours, too.
     * @default - the stack makes the bus `iam-drift` with an archive
     */
    readonly existingName?: string;
    /**
     * Days for which the stack's own bus keeps its events; 0 keeps them for ever.
     * @default 365
     */
    readonly archiveDays?: number;
  };

  /**
   * Hours between two looks at every declared role, 1 to 24. CloudTrail's delivery is best effort, and what it loses is
   * found then.
   * @default 1
   */
  readonly resyncHours?: number;

  /** How far the guards let people and the function go. */
  readonly limits?: {
    /**
     * Hours for which an operator may exempt a role at most, 1 to 168; no exemption is believed for longer. What is needed for
     * longer belongs into the spec.
     * @default 24
     */
    readonly exemptionHours?: number;
    /**
     * So many reverts of one difference within `fightMinutes` are a fight, which goes on slowly; 2 to 20.
     * @default 3
     */
    readonly fightReverts?: number;
    /**
     * 1 to 60.
     * @default 15
     */
    readonly fightMinutes?: number;
    /**
     * When more roles than this have drifted within `manyMinutes`, access is closed and none is given back; if it is the
     * spec that is new, nothing is written. 1 to 1000.
     * @default 10
     */
    readonly manyRoles?: number;
    /**
     * In percent of the declared roles, if that is more than `manyRoles`; 1 to 100.
     * @default 20
     */
    readonly manyPercent?: number;
    /**
     * 1 to 60.
     * @default 15
     */
    readonly manyMinutes?: number;
  };

  /**
   * Days for which the ledger keeps an incident, with what was there before.
   * @default 400
   */
  readonly ledgerDays?: number;

  /**
   * Days for which the functions' logs are kept: one of CloudWatch's own choices (…, 30, 60, 90, 180, 365, …).
   * @default 90
   */
  readonly logDays?: number;

  /**
   * How much the functions log.
   * @default 'INFO'
   */
  readonly logLevel?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

  /**
   * Whether the ledger and the stack itself refuse to be deleted. The ledger outlives the stack in any case.
   * @default true
   */
  readonly deletionProtection?: boolean;
}
