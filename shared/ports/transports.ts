import type { Json } from '../model.ts';

/** How a channel reaches the world. Each call throws when it was not taken. */
export interface Transports {
  /** To an SNS topic. */
  readonly publish: (topicArn: string, message: TopicMessage) => Promise<void>;
  /** One HTTP POST with a JSON body. Throws where there is no answer in time; an answer of any status is returned. */
  readonly post: (url: string, body: Json) => Promise<HttpAnswer>;
  /** The text of a secret, remembered after the first call; `fresh` reads it again. */
  readonly secret: (name: string, options?: { readonly fresh: boolean }) => Promise<string>;
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export interface TopicMessage {
  readonly subject?: string;
  /** The text for every subscriber, or one for each protocol; then `default` is for those not named. */
  readonly message: string | (Readonly<Record<string, string>> & { readonly default: string });
  /** For filter policies: a list matches where any of its values does. */
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
}

export interface HttpAnswer {
  readonly status: number;
  /** The `Retry-After` header in seconds; null without one. */
  readonly retryAfterSeconds: number | null;
  readonly body: string;
}
