import type { KnownBlock, SlackMessage } from '../../shared/notifications/slack-blocks.ts';

/** What Slack would refuse a message for, or show cut off: https://docs.slack.dev/reference/block-kit/blocks. */
export function slackFaults(message: SlackMessage): readonly string[] {
  const { blocks } = message;
  const texts = textsOf(blocks);
  return [
    ...(message.text === '' || message.text.length > 4000 ? ['text'] : []),
    ...(blocks.length === 0 || blocks.length > 50 ? [`${blocks.length} blocks`] : []),
    ...(JSON.stringify(blocks).length > 13_000 ? ['all blocks'] : []),
    ...texts.flatMap(({ text, limit }) =>
      text === '' || text.length > limit ? [`a text of ${text.length} characters`] : [],
    ),
    ...linksOf(blocks).flatMap((url) => (url.length > 3000 ? ['a long address'] : [])),
    ...blocks.flatMap((block) =>
      block.type === 'rich_text' && block.elements.length === 0 ? ['an empty block'] : [],
    ),
  ];
}

/** Every text that Slack would show. */
export function textsOf(
  blocks: readonly KnownBlock[],
): readonly { readonly text: string; readonly limit: number }[] {
  return blocks.flatMap((block) =>
    block.type === 'header'
      ? [{ text: block.text.text, limit: 150 }]
      : leaves(block).map(({ text }) => ({ text, limit: 3000 })),
  );
}

/** Every address that Slack would make clickable. */
export function linksOf(blocks: readonly KnownBlock[]): readonly string[] {
  return blocks.flatMap((block) =>
    block.type === 'header' ? [] : leaves(block).flatMap((leaf) => (leaf.type === 'link' ? [leaf.url] : [])),
  );
}

function leaves(block: Extract<KnownBlock, { type: 'rich_text' }>) {
  return block.elements.flatMap((element) =>
    element.type === 'rich_text_list'
      ? element.elements.flatMap(({ elements }) => elements)
      : element.elements,
  );
}
