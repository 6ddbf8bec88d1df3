import type { Tag } from '@aws-sdk/client-iam';

import type { JsonObject } from '../model.ts';
import { objects, text, texts } from './input.ts';
import { IamRefusal } from './refusal.ts';
import type { Tags } from './state.ts';

const mostTags = 50;

/** The tags with those of the input's `Tags` added or overwritten. */
export function withTags(tags: Tags, input: JsonObject, owner: 'Role' | 'Policy'): Tags {
  const merged = new Map(tags);
  for (const tag of objects(input, 'Tags')) {
    const Key = text(tag, 'Key');
    merged.set(Key.toLowerCase(), { Key, Value: text(tag, 'Value') });
  }
  if (merged.size > mostTags) {
    throw new IamRefusal('LimitExceeded', `Cannot exceed quota for TagsPer${owner}: ${mostTags}`);
  }
  return merged;
}

/** The tags without those that the input's `TagKeys` name; unknown keys are no error. */
export function withoutTags(tags: Tags, input: JsonObject): Tags {
  const rest = new Map(tags);
  for (const key of texts(input, 'TagKeys')) rest.delete(key.toLowerCase());
  return rest;
}

export const tagList = (tags: Tags): Tag[] => [...tags.values()];
