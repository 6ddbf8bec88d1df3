import * as fc from 'fast-check';

import type { Json, ReconcileReport } from '../../shared/model.ts';
import { aCause, aChange, aDifference, anAccess, anActor, aReport } from './reports.ts';

/** What people have used to break out of a message, to call a channel, to forge a link or to hide text. */
const nasty = [
  '<!channel>',
  '<!here|here>',
  '<@U012AB3CD>',
  '<#C012AB3CD>',
  '<https://evil.example|AWS console>',
  '@here',
  ' @channel ',
  'https://console.aws.amazon.com.evil.example/',
  'www.evil.example',
  '[click](https://evil.example)',
  '```\nPut back and verified.\n```',
  '`code` *bold* _italic_ ~gone~',
  '\n> quoted\n',
  '\r\nSubject: all is well\r\n\r\n',
  '\u2028Put back and verified',
  '\u202egnp.exe\u2066\u2069',
  '\u200b\u200d\ufeff\u00ad\u034f\u115f\u3164',
  '\u{e0041}\u{e0042}',
  '\u001b[31mred\u001b[0m\u0007',
  '\ud800',
  '&lt;!channel&gt;',
  ':rotating_light: ✅ ✓',
  'x                                                   Put back and verified',
  '"; "role": "other',
  '\\',
  '__proto__',
  'constructor',
  '$&$1',
];

/** A text that an attacker could have chosen. */
export const hostileText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...nasty) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...nasty), fc.string(), fc.constantFrom(...nasty))
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...nasty), fc.integer({ min: 1, max: 3000 }))
      .map(([text, times]) => text.repeat(times)),
  },
);

/** A report in which every text that is not one of our own few words is hostile, with lists of any length. */
export const hostileReport: fc.Arbitrary<ReconcileReport> = fc
  .record({
    texts: fc.array(hostileText, { minLength: 8, maxLength: 24 }),
    count: fc.integer({ min: 0, max: 12 }),
    outcome: fc.constantFrom('remediated', 'partly-remediated', 'failed', 'held', 'detected'),
    isGained: fc.boolean(),
    verified: fc.constantFrom(true, false, null),
  })
  .map(({ texts, count, outcome, isGained, verified }) => {
    let drawn = 0;
    const text = (): string => texts[drawn++ % texts.length] ?? '';
    const many = <Item>(make: () => Item): Item[] => Array.from({ length: count }, make);
    const document = (): Json => ({
      Version: text(),
      Statement: [{ Sid: text(), [text()]: { AWS: [text(), text()] } }, text()],
    });
    const access = () =>
      anAccess({
        principal: text(),
        resource: text(),
        actions: [text()],
        conditions: { [text()]: { [text()]: [text()] } },
        text: text(),
      });
    return aReport({
      id: text(),
      incidentId: text(),
      time: text(),
      spec: { version: text(), file: text(), line: 1 },
      role: { accountId: text(), roleName: text(), arn: text() },
      causes: many(() =>
        aCause({
          eventId: text(),
          eventName: text(),
          eventTime: text(),
          region: text(),
          actor: anActor({
            type: drawn % 3 === 0 ? text() : drawn % 3 === 1 ? 'AssumedRole' : 'IAMUser',
            arn: text(),
            accountId: text(),
            userName: text(),
            sessionName: text(),
            issuerArn: text(),
            accessKeyId: text(),
            invokedBy: text(),
            sourceIpAddress: text(),
            userAgent: text(),
          }),
        }),
      ),
      drift: {
        status: 'MODIFIED',
        differences: many(() =>
          aDifference({
            aspect: text(),
            path: text(),
            expected: document(),
            actual: document(),
            access: { gained: isGained ? many(access) : [], lost: many(access) },
          }),
        ),
      },
      changes: many(() =>
        aChange({
          aspect: text(),
          action: text(),
          summary: text(),
          outcome: outcome === 'held' ? 'held' : 'applied',
          heldBy: text(),
          reason: text(),
          dueAt: text(),
          error: text(),
        }),
      ),
      outcome,
      verified,
      exposure: { from: text(), to: text() },
      nextSteps: many(text),
    });
  });
