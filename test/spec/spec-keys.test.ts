import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

import { aspects } from '../../shared/aspects/index.ts';
import { presets } from '../../shared/presets/index.ts';
import { specJsonSchema } from '../../shared/spec/schema.ts';

interface Node {
  readonly properties?: Readonly<Record<string, Node>> | undefined;
  readonly items?: Node | undefined;
  readonly anyOf?: readonly Node[] | undefined;
}

const node: z.ZodMiniType<Node> = z.lazy(() =>
  z.object({
    properties: z.optional(z.record(z.string(), node)),
    items: z.optional(node),
    anyOf: z.optional(z.array(node)),
  }),
);
const schema = z.parse(node, JSON.parse(JSON.stringify(specJsonSchema({ aspects, presets }))));

/** Every key at or below a place: `managedPolicies.attached[].arn`. Documents, whose keys are IAM's, have none. */
function keysBelow({ properties = {}, items, anyOf = [] }: Node, place: string): readonly string[] {
  return [
    ...Object.entries(properties).flatMap(([key, below]) => {
      const path = place === '' ? key : `${place}.${key}`;
      return [path, ...keysBelow(below, path)];
    }),
    ...(items === undefined ? [] : keysBelow(items, `${place}[]`)),
    ...anyOf.flatMap((one) => keysBelow(one, place)),
  ];
}

const role = schema.properties?.['roles']?.items ?? {};
const defaults = schema.properties?.['defaults']?.properties ?? {};
const aspectNames = aspects.map(({ name }) => name);
/** Under `modes` stand the aspects; under a preset's `params`, what docs/presets.md tells. */
const isTold = (key: string) => /^(?:modes|preset\.params)\./.test(key);
/** A plain list of managed policies is the list `attached`. */
const inFull = (key: string) => key.replace(/^managedPolicies\[\]/, 'managedPolicies.attached[]');
const ofRole = [
  ...new Set(
    keysBelow(role, '')
      .filter((key) => !isTold(key))
      .map(inFull),
  ),
];

const text = readFileSync(new URL('../../docs/spec.md', import.meta.url), 'utf8');
const [frame = '', ofAspects = ''] = text.split('\n## Aspects\n');
const keysIn = (part: string) => Array.from(part.matchAll(/^\| `([^`]+)` \|/gm), ([, key = '']) => key);
const isOfAspect = (key: string) => aspectNames.some((name) => new RegExp(`^${name}(?:$|[.[])`).test(key));

describe('docs/spec.md', () => {
  it('has a row for each key of the frame', () => {
    const keys = [...Object.keys(schema.properties ?? {}), ...ofRole.filter((key) => !isOfAspect(key))];
    expect(keysIn(frame).toSorted()).toEqual(keys.toSorted());
  });

  it('has a row for each key of each aspect', () => {
    expect(keysIn(ofAspects).toSorted()).toEqual(ofRole.filter(isOfAspect).toSorted());
  });

  it('says which keys may stand in defaults, too', () => {
    const both = Array.from(
      frame.matchAll(/^\| `([^`]+)` \| a role, `defaults` \|/gm),
      ([, key = '']) => key,
    );
    expect(both.toSorted()).toEqual(Object.keys(defaults).toSorted());
  });

  it('is linked from the README', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain('(docs/spec.md)');
  });
});
