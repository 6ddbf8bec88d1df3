import { Token } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod/mini';

import { TerminalError } from '../shared/errors.ts';
import { type GuardLimits, usualLimits } from '../shared/guards/limits.ts';
import type { Mode } from '../shared/model.ts';
import { channels } from '../shared/notifications/channels/index.ts';
import { didYouMean } from '../shared/spec/did-you-mean.ts';
import { settingsSchema } from './settings-schema.ts';

/** Settings that cannot be used. The message holds every fault, one a line: the setting, its value, the remedy. */
export class InvalidSettingsError extends TerminalError {
  override name = 'InvalidSettingsError';
}

/** Settings with every default filled in. */
export interface ResolvedSettings {
  readonly specFile: string;
  /** null: as the spec declares. */
  readonly mode: Mode | null;
  readonly region: string;
  readonly notifications: {
    readonly emails: readonly string[];
    /** Where the channels lead that were set, by their setting's key. */
    readonly targets: Readonly<Record<string, string | undefined>>;
  };
  readonly alarms: { readonly emails: readonly string[]; readonly topicArns: readonly string[] };
  readonly tampering: { readonly emails: readonly string[]; readonly keyArns: readonly string[] };
  readonly canary: boolean;
  readonly reportBus: { readonly existingName: string | null; readonly archiveDays: number };
  readonly resyncHours: number;
  readonly limits: GuardLimits;
  readonly ledgerDays: number;
  readonly logDays: RetentionDays;
  readonly logLevel: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  readonly deletionProtection: boolean;
}

/**
 * The defaults are those that `Settings` tells.
 * @throws {InvalidSettingsError} naming every setting that is unknown, wrong or without effect.
 */
export function resolveSettings(settings: unknown): ResolvedSettings {
  const parsed = z.safeParse(settingsSchema, settings, { reportInput: true });
  if (!parsed.success) throw invalid(parsed.error.issues.flatMap(faultsOf));
  const {
    notifications: { emails = [], ...channelTargets } = {},
    alarms = {},
    tampering = {},
    reportBus = {},
    limits = {},
    ...own
  } = parsed.data;
  const targets: ResolvedSettings['notifications']['targets'] = channelTargets;
  const channelTopics = channels.flatMap(({ permission, setting }) =>
    permission.on === 'topic' ? (targets[setting.key] ?? []) : [],
  );
  const topicArns = alarms.topicArns ?? [];
  const region = own.region ?? 'us-east-1';
  const conflicts = [
    ...[...channelTopics, ...topicArns]
      .filter((arn) => !Token.isUnresolved(arn) && arn.split(':')[3] !== region)
      .map((arn) => `topic ${arn} is not in ${region}, where the stack is: use a topic of that region`),
    ...(targets['topicArn'] !== undefined && emails.length > 0
      ? [
          'setting notifications.emails has no effect beside notifications.topicArn: subscribe them to that topic',
        ]
      : []),
    ...(topicArns.length > 0 && (alarms.emails ?? []).length > 0
      ? ['setting alarms.emails has no effect beside alarms.topicArns: subscribe them to those topics']
      : []),
    ...(reportBus.existingName !== undefined && reportBus.archiveDays !== undefined
      ? [
          'setting reportBus.archiveDays has no effect beside reportBus.existingName: archive that bus yourself',
        ]
      : []),
  ];
  if (conflicts.length > 0) throw invalid(conflicts);
  return {
    specFile: own.specFile ?? 'infra/spec/roles.yaml',
    mode: own.mode ?? null,
    region,
    notifications: { emails, targets },
    alarms: { emails: alarms.emails ?? emails, topicArns },
    tampering: {
      emails: tampering.emails ?? alarms.emails ?? emails,
      keyArns: tampering.keyArns ?? [],
    },
    canary: own.canary ?? false,
    reportBus: { existingName: reportBus.existingName ?? null, archiveDays: reportBus.archiveDays ?? 365 },
    resyncHours: own.resyncHours ?? 1,
    limits: {
      exemptionHours: limits.exemptionHours ?? usualLimits.exemptionHours,
      fightReverts: limits.fightReverts ?? usualLimits.fightReverts,
      fightMinutes: limits.fightMinutes ?? usualLimits.fightMinutes,
      manyRoles: limits.manyRoles ?? usualLimits.manyRoles,
      manyPercent: limits.manyPercent ?? usualLimits.manyPercent,
      manyMinutes: limits.manyMinutes ?? usualLimits.manyMinutes,
    },
    ledgerDays: own.ledgerDays ?? 400,
    logDays: own.logDays ?? 90,
    logLevel: own.logLevel ?? 'INFO',
    deletionProtection: own.deletionProtection ?? true,
  };
}

function invalid(faults: readonly string[]): InvalidSettingsError {
  return new InvalidSettingsError(faults.join('\n'));
}

function faultsOf(issue: z.core.$ZodIssue): readonly string[] {
  const place = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownSetting(place === '' ? key : `${place}.${key}`));
  return [
    `${place === '' ? 'settings' : `setting ${place}`}: ${shown(issue.input)} will not do; ${issue.message}`,
  ];
}

function unknownSetting(place: string): string {
  const known = [...knownSettings(settingsSchema, '')];
  const meant = didYouMean(place, known);
  return `setting ${place} is not known; ${meant === null ? `known are ${known.join(', ')}` : `did you mean ${meant}?`}`;
}

function* knownSettings(schema: z.core.$ZodType, prefix: string): Generator<string> {
  if (schema instanceof z.ZodMiniOptional) yield* knownSettings(schema.def.innerType, prefix);
  else if (schema instanceof z.ZodMiniObject)
    for (const [key, member] of Object.entries(schema.shape))
      yield* knownSettings(member, prefix === '' ? key : `${prefix}.${key}`);
  else yield prefix;
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
