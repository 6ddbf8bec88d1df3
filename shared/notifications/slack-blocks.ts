/**
 * The part of Slack's Block Kit that we send, https://docs.slack.dev/reference/block-kit/blocks. Type aliases, so that a
 * body is plain JSON to the compiler too.
 */
export type KnownBlock = HeaderBlock | RichTextBlock;

type HeaderBlock = {
  readonly type: 'header';
  readonly text: { readonly type: 'plain_text'; readonly text: string; readonly emoji: false };
};

export type RichTextBlock = {
  readonly type: 'rich_text';
  readonly elements: readonly (RichTextSection | RichTextList | RichTextPreformatted)[];
};

export type RichTextSection = {
  readonly type: 'rich_text_section';
  readonly elements: readonly (RichText | RichTextLink)[];
};

type RichTextList = {
  readonly type: 'rich_text_list';
  readonly style: 'bullet';
  readonly elements: readonly RichTextSection[];
};

type RichTextPreformatted = {
  readonly type: 'rich_text_preformatted';
  readonly elements: readonly RichText[];
};

export type RichText = {
  readonly type: 'text';
  readonly text: string;
  readonly style?: { readonly bold?: true; readonly code?: true };
};

export type RichTextLink = { readonly type: 'link'; readonly url: string; readonly text: string };

/** The exact body of a call to an incoming webhook. */
export type SlackMessage = { readonly text: string; readonly blocks: readonly KnownBlock[] };

/**
 * Slack's limits in characters. A text may have 3,000 and a message 50 blocks
 * (https://docs.slack.dev/reference/block-kit/blocks): our lines are too short and our sections too few for either.
 */
export const slackLimits = {
  header: 150,
  /**
   * Of all blocks as JSON. Not documented; messages are refused with `msg_blocks_too_long` from about 13,200 characters, and
   * some below that (https://github.com/slackapi/bolt-js/issues/2509 and /2867), so we stay well away.
   */
  allBlocks: 9000,
} as const;
