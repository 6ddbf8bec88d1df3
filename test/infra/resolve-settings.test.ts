import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { channels } from '../../shared/notifications/channels/index.ts';
import { InvalidSettingsError, resolveSettings } from '../../infra/resolve-settings.ts';

function refusal(settings: unknown): string {
  try {
    resolveSettings(settings);
  } catch (error) {
    if (error instanceof InvalidSettingsError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('settings', () => {
  it('need not be given at all', () => {
    expect(resolveSettings({})).toEqual({
      specFile: 'infra/spec/roles.yaml',
      mode: null,
      region: 'us-east-1',
      notifications: { emails: [], targets: {} },
      alarms: { emails: [], topicArns: [] },
      tampering: { emails: [], keyArns: [] },
      canary: false,
      reportBus: { existingName: null, archiveDays: 365 },
      resyncHours: 1,
      limits: {
        exemptionHours: 24,
        fightReverts: 3,
        fightMinutes: 15,
        manyRoles: 10,
        manyPercent: 20,
        manyMinutes: 15,
      },
      ledgerDays: 400,
      logDays: 90,
      logLevel: 'INFO',
      deletionProtection: true,
    });
  });

  it('have the defaults that their documentation tells', () => {
    const documented = [
      ...readFileSync('infra/settings.ts', 'utf8').matchAll(
        /@default (?!-)(.+)\n\s+\*\/\n\s+readonly (\w+)\?/g,
      ),
    ].map(([, value = '', name]): readonly [unknown, unknown] => [
      name,
      JSON.parse(value.replaceAll("'", '"')),
    ]);
    const { limits, notifications, reportBus, tampering, ...own } = resolveSettings({});
    expect(documented.length).toBeGreaterThan(7);
    expect({ ...own, ...limits, ...tampering, ...notifications, ...reportBus }).toMatchObject(
      Object.fromEntries(documented),
    );
  });

  it('document where each channel leads', () => {
    const text = readFileSync('infra/settings.ts', 'utf8');
    for (const { setting } of channels) expect(text).toContain(`readonly ${setting.key}?: string;`);
  });

  it('tell those who are told of drift of alarms, too, unless others are named', () => {
    const emails = ['security@example.com'];
    expect(resolveSettings({ notifications: { emails } }).alarms.emails).toEqual(emails);
    expect(resolveSettings({ notifications: { emails }, alarms: { emails: [] } }).alarms.emails).toEqual([]);
    expect(resolveSettings({ alarms: { emails } }).tampering.emails).toEqual(emails);
  });

  it('are refused all at once, each with its value and the remedy', () => {
    const message = refusal({
      region: 'eu-west-1',
      mode: 'enforced',
      resyncHours: 0.5,
      logDays: 17,
      notifications: { emails: ['nobody'] },
      deletionProtection: 'no',
    });
    expect(message.split('\n')).toEqual([
      expect.stringMatching(/^setting mode: "enforced" will not do; write detect or enforce$/),
      expect.stringMatching(
        /^setting region: "eu-west-1" will not do; IAM's events do not arrive there.*us-east-1/,
      ),
      expect.stringMatching(/^setting notifications.emails.0: "nobody" will not do; write an e-mail address/),
      expect.stringMatching(
        /^setting resyncHours: 0.5 will not do; write a whole number of hours from 1 to 24$/,
      ),
      expect.stringMatching(/^setting logDays: 17 will not do; write one of CloudWatch's choices: 1, 3,/),
      expect.stringMatching(/^setting deletionProtection: "no" will not do; write true or false$/),
    ]);
  });

  it.each([
    [{ resyncHour: 2 }, 'setting resyncHour is not known; did you mean resyncHours?'],
    [{ alarms: { email: [] } }, 'setting alarms.email is not known; did you mean alarms.emails?'],
    [{ xyz: 1 }, /^setting xyz is not known; known are specFile, mode, region, notifications.emails, /],
    [null, 'settings: null will not do; write an object of settings'],
    [{ alarms: 'me' }, 'setting alarms: "me" will not do; write an object of settings'],
  ])('refuses %j', (settings, message) => {
    expect(refusal(settings)).toMatch(message);
  });

  it('are refused where one would have no effect beside another', () => {
    const topic = 'arn:aws:sns:us-east-1:111122223333:security';
    const emails = ['security@example.com'];
    expect(refusal({ notifications: { topicArn: topic, emails } })).toMatch(
      /notifications.emails has no effect/,
    );
    expect(refusal({ alarms: { topicArns: [topic], emails } })).toMatch(/alarms.emails has no effect/);
    expect(refusal({ reportBus: { existingName: 'security', archiveDays: 3 } })).toMatch(
      /archiveDays has no effect/,
    );
    expect(refusal({ notifications: { emails }, alarms: { topicArns: [topic] } })).toBe('accepted');
  });

  it('take topics of the region of the stack only', () => {
    expect(refusal({ alarms: { topicArns: ['arn:aws:sns:eu-west-1:111122223333:security'] } })).toMatch(
      /eu-west-1:111122223333:security is not in us-east-1/,
    );
  });
});
