import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  clip,
  emailSubject,
  jsonText,
  named,
  slackLiteral,
  slackMrkdwn,
  urlSegment,
  visible,
} from '../../shared/notifications/escape.ts';
import { hostileText } from '../support/hostile-reports.ts';

describe('visible', () => {
  it.each([
    ['a\nb\r\n\tc', 'a\\nb\\r\\n\\tc'],
    ['\u202eexe.png', '\\u202eexe.png'],
    ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud800', '\\ud800'],
    ['\u001b[31m', '\\u001b[31m'],
    ['x          y', 'x y'],
    ['https://evil.example', 'https[:]//evil.example'],
    ['WWW.evil.example', 'WWW[.]evil.example'],
  ])('makes %j inert', (text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it.each([
    'arn:aws:iam::111122223333:role/deploy',
    'Jürgen Müller',
    '山田太郎',
    '{"a": ["*"]}',
    'i-0abc@x.y',
  ])('leaves %j as it is', (text) => {
    expect(visible(text)).toBe(text);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(visible(visible(text))).toBe(visible(text));
      }),
    );
  });
});

describe('named', () => {
  it('leaves the names that IAM allows alone and quotes the rest', () => {
    expect(named('alice@example.com')).toBe('alice@example.com');
    expect(named('alice, with MFA')).toBe('"alice, with MFA"');
    expect(named('')).toBe('""');
  });

  it('makes quotes that the text cannot close', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(named(text)).toMatch(/^(?:"(?:[^"\\]|\\.)*"|[^\s"]+)$/);
      }),
    );
  });
});

describe('slack', () => {
  it('escapes what Slack parses', () => {
    expect(slackMrkdwn('<!channel> & `x`')).toBe('&lt;!channel&gt; &amp; \\u0060x\\u0060');
    expect(slackLiteral('<@U012>')).toBe('\\u003c@U012\\u003e');
  });

  it('silences calls to a channel but not addresses', () => {
    expect(slackLiteral('@here alice@here.example @channel.')).toBe(
      '\\u0040here alice@here.example \\u0040channel.',
    );
  });
});

describe('emailSubject', () => {
  it('leaves 99 characters as they are and cuts more', () => {
    expect(emailSubject('x'.repeat(99))).toBe('x'.repeat(99));
    expect(emailSubject('x'.repeat(100))).toBe(`${'x'.repeat(96)}...`);
  });

  it('is printable ASCII of less than 100 characters', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(emailSubject(`x${text}`)).toMatch(/^x[ -~]{0,98}$/);
      }),
    );
  });
});

describe('urlSegment', () => {
  it('lets nothing end the segment', () => {
    expect(urlSegment("a/b?c#d'(e)&f=g h")).toBe('a%2Fb%3Fc%23d%27%28e%29%26f%3Dg%20h');
    fc.assert(fc.property(hostileText, (text) => /^[\w.~%-]*$/.test(urlSegment(text))));
  });
});

describe('jsonText', () => {
  it('means the same in printable ASCII', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(jsonText(value)).toMatch(/^[ -~]*$/);
        expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('clip', () => {
  it('says how many characters were left out', () => {
    expect(clip('x'.repeat(100), 50)).toBe(`${'x'.repeat(26)}… (+74 characters)`);
    expect(clip('short', 50)).toBe('short');
  });

  it('never splits a character in two, nor exceeds its length', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 40 }),
        fc.integer({ min: 30, max: 60 }),
        (text, max) => {
          const clipped = clip(text, max);
          expect(clipped.length).toBeLessThanOrEqual(max);
          expect(clipped).not.toMatch(/\p{Surrogate}/u);
        },
      ),
    );
  });
});
