import type { Severity } from '../model.ts';
import { clip, named, slackLiteral, slackMrkdwn } from './escape.ts';
import { fit } from './fit.ts';
import type { Line, Notification, Section } from './notification.ts';
import type {
  KnownBlock,
  RichText,
  RichTextBlock,
  RichTextLink,
  RichTextSection,
  SlackMessage,
} from './slack-blocks.ts';
import { slackLimits } from './slack-blocks.ts';
import { severityInWords } from './verdict.ts';

/**
 * The body of an incoming webhook. Everything stands in `rich_text` and `plain_text`, which Slack does not parse for
 * markup; only `text`, which phones show as the notification, is mrkdwn and escaped for it.
 */
export function renderSlack(notification: Notification): SlackMessage {
  const opening = [header(notification), summary(notification)];
  const isShortEnough = (sections: readonly Section[]) =>
    JSON.stringify([...opening, ...sections.map(block)]).length <= slackLimits.allBlocks;
  return {
    text: fallback(notification),
    blocks: [...opening, ...fit(notification.sections, isShortEnough).map(block)],
  };
}

/** Longest line of a message, in characters; a diff's lines are shorter still. */
const longest = { words: 400, command: 400, value: 200, code: 95, role: 80, headline: 300 } as const;

/** Emoji as characters: an attacker's text cannot show them, `visible` escapes them. */
export const signs: Readonly<Record<Severity, string>> = {
  critical: '🔴',
  high: '🟠',
  medium: '🟡',
  low: '🔵',
  none: '⚪',
};

function header({ severity, roleName }: Notification): KnownBlock {
  const role = slackLiteral(named(clip(roleName, longest.role)));
  const words = `${signs[severity]} ${severityInWords(severity)}: ${role}`;
  return {
    type: 'header',
    text: { type: 'plain_text', text: clip(words, slackLimits.header), emoji: false },
  };
}

function summary({ headline, verdict }: Notification): RichTextBlock {
  return {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: `${clip(slackLiteral(upperFirst(headline)), longest.headline)}.\n` },
          { type: 'text', text: `${clip(slackLiteral(verdict), longest.headline)}.`, style: { bold: true } },
        ],
      },
    ],
  };
}

function fallback({ severity, roleName, headline, verdict }: Notification): string {
  const role = slackMrkdwn(named(clip(roleName, longest.role)));
  return `${severityInWords(severity)}: ${role}: ${slackMrkdwn(clip(headline, longest.headline))}. ${slackMrkdwn(verdict)}.`;
}

function block({ title, lines, isWhole }: Section): RichTextBlock {
  const codeLength = isWhole ? Infinity : longest.code;
  const heading: readonly Line[] = title === '' ? [] : [{ form: 'text', label: title, spans: [], shed: 0 }];
  return {
    type: 'rich_text',
    elements: groups([...heading, ...lines]).map((alike) => group(alike, codeLength)),
  };
}

/** Lines of one form that follow each other. */
function groups(lines: readonly Line[]): readonly (readonly [Line, ...Line[]])[] {
  const result: [Line, ...Line[]][] = [];
  for (const line of lines) {
    const last = result.at(-1);
    if (last !== undefined && last[0].form === line.form) last.push(line);
    else result.push([line]);
  }
  return result;
}

function group(lines: readonly [Line, ...Line[]], codeLength: number): RichTextBlock['elements'][number] {
  switch (lines[0].form) {
    case 'text':
      return {
        type: 'rich_text_section',
        elements: lines.flatMap((line, index) => [
          ...(index === 0 ? [] : [plain('\n')]),
          ...label(line),
          ...elements(line),
        ]),
      };
    case 'item':
      return {
        type: 'rich_text_list',
        style: 'bullet',
        elements: lines.map((line) => ({ type: 'rich_text_section', elements: elements(line) })),
      };
    case 'code':
      return {
        type: 'rich_text_preformatted',
        elements: [plain(lines.map((line) => codeLine(line, codeLength)).join('\n'))],
      };
    default:
      return lines[0].form satisfies never;
  }
}

/** What a line is about; a line without anything else is a heading. */
function label({ label: text, spans }: Line): readonly RichText[] {
  return text === null ? [] : [{ ...plain(spans.length === 0 ? text : `${text}: `), style: { bold: true } }];
}

function elements({ spans }: Line): RichTextSection['elements'] {
  return spans.map((span): RichText | RichTextLink => {
    switch (span.kind) {
      case 'words':
        // Slack refuses an empty text.
        return plain(clip(slackLiteral(span.text), longest.words) || ' ');
      case 'command':
        return { ...plain(clip(slackLiteral(span.text), longest.command)), style: { code: true } };
      case 'value':
        return { ...plain(clip(slackLiteral(span.text), longest.value) || '""'), style: { code: true } };
      case 'link':
        return { type: 'link', url: span.url, text: clip(slackLiteral(span.text), longest.words) };
      default:
        return span satisfies never;
    }
  });
}

/** A diff's indentation is ours and stays; the rest of the line is theirs. */
function codeLine({ spans }: Line, most: number): string {
  const text = spans.map((span) => span.text).join('');
  const indent = /^[+-]? */.exec(text)?.[0] ?? '';
  return clip(`${indent}${slackLiteral(text.slice(indent.length))}`, most);
}

const plain = (text: string): RichText => ({ type: 'text', text });

const upperFirst = (sentence: string) => `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
