import { clip, mrkdwnOfVisible } from './escape.ts';
import type { KnownBlock, RichText, RichTextLink, SlackMessage } from './slack-blocks.ts';

/** Slack advises 4,000 characters for a text (https://docs.slack.dev/reference/methods/chat.postMessage/). */
const longestText = 3900;

/** The same message as text alone, for when Slack refuses its blocks. */
export function withoutBlocks({ text, blocks }: SlackMessage): Pick<SlackMessage, 'text'> {
  const lines = [text, ...blocks.flatMap(linesOf)];
  return { text: clip(lines.join('\n'), longestText) };
}

function linesOf(block: KnownBlock): readonly string[] {
  if (block.type === 'header') return [];
  return block.elements.flatMap((element) =>
    element.type === 'rich_text_list'
      ? element.elements.map((section) => `• ${textOf(section.elements)}`)
      : textOf(element.elements).split('\n'),
  );
}

/** A link is shown by its words only. */
function textOf(elements: readonly (RichText | RichTextLink)[]): string {
  return mrkdwnOfVisible(elements.map(({ text }) => text).join(''));
}
