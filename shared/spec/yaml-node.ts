import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type ParsedNode,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

import type { Json } from '../model.ts';
import { nowhere, type Path, type Place } from './source-place.ts';
import { quote } from './spec-fault.ts';
import { resolvePlain } from './yaml-scalar.ts';

/** A fault of the YAML text itself. */
export interface TextFault {
  readonly offset: number;
  /** Where in the data, as far as that is known. */
  readonly path: Path;
  readonly message: string;
  readonly remedy: string;
}

interface Read {
  readonly json: Json | undefined;
  readonly place: Place;
  readonly faults: readonly TextFault[];
}

// Aliases may stand for aliases: a few lines can unfold to billions of values ("billion laughs").
const MOST_VALUES = 200_000;
const DEEPEST = 64;

/** YAML nodes as JSON, with the place of each. Aliases are resolved; tags, merge keys and odd keys are refused. */
export function readNode(root: ParsedNode | null): Read {
  const reader = new NodeReader();
  const { json, place } = reader.read(root, [], { depth: 0, offset: 0 });
  return { json: reader.isExhausted ? undefined : json, place, faults: reader.faults };
}

interface At {
  readonly path: Path;
  readonly offset: number;
}

/** What a node stands in. */
interface Around {
  readonly depth: number;
  readonly offset: number;
}

class NodeReader {
  readonly faults: TextFault[] = [];
  readonly #anchors = new Map<string, Node>();
  /** What is being read: an alias for one of these has no end. */
  readonly #open = new Set<Node>();
  #values = 0;

  get isExhausted(): boolean {
    return this.#values > MOST_VALUES;
  }

  read(node: Node | null, path: Path, around: Around): { json: Json; place: Place } {
    const at: At = { path, offset: node?.range?.[0] ?? around.offset };
    this.#values += 1;
    if (this.#values === MOST_VALUES + 1)
      this.#fault(
        at,
        `the file holds more than ${MOST_VALUES} values, counting what its aliases stand for`,
        'use presets and patterns to keep it short',
      );
    if (node === null || this.isExhausted) return single(null, at);
    if (around.depth > DEEPEST) {
      this.#fault(at, `aliases make this more than ${DEEPEST} levels deep`, 'write the values out');
      return single(null, at);
    }
    const within = { depth: around.depth + 1, offset: at.offset };
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target !== undefined && !this.#open.has(target)) return this.read(target, path, within);
      const alias = `*${node.source}`;
      if (target === undefined) {
        this.#fault(
          at,
          `${quote(alias)} is an alias to YAML, and nothing before it has the anchor ${quote(`&${node.source}`)}`,
          `if the text is meant, put it in quotes: ${quote(alias)}`,
        );
        return single(alias, at);
      }
      this.#fault(at, `the alias ${quote(alias)} stands inside what it stands for`, 'write the value out');
      return single(null, at);
    }
    this.#open.add(node);
    const read = this.#content(node, at, within);
    this.#open.delete(node);
    return read;
  }

  #content(node: Node, at: At, within: Around): { json: Json; place: Place } {
    this.#refuseTag(node, at);
    if ('anchor' in node && typeof node.anchor === 'string') this.#anchors.set(node.anchor, node);
    if (isMap(node)) return this.#map(node, at, within);
    if (isSeq(node)) return this.#list(node, at, within);
    return isScalar(node) ? this.#scalar(node, at) : single(null, at);
  }

  #map(node: YAMLMap, { path, offset }: At, { depth }: Around) {
    const members = new Map<string, { json: Json; place: Place }>();
    for (const { key, value } of node.items) {
      const keyNode = asNode(key);
      const at: At = { path, offset: keyNode?.range?.[0] ?? offset };
      const name = this.#key(keyNode, at);
      const isDuplicate = name !== null && members.has(name);
      if (isDuplicate)
        this.#fault(
          { path: [...path, name], offset: at.offset },
          `the key ${quote(name)} is there already, and one of the two would be lost`,
          'keep one of them',
        );
      // Read all the same: it may hold an anchor, and faults.
      const read = this.read(asNode(value), [...path, name ?? ''], { depth, offset: at.offset });
      if (name !== null && !isDuplicate)
        members.set(name, { json: read.json, place: { ...read.place, keyOffset: at.offset } });
    }
    const entries = [...members];
    return {
      json: Object.fromEntries(entries.map(([name, { json }]) => [name, json])),
      place: { ...nowhere, offset, members: new Map(entries.map(([name, { place }]) => [name, place])) },
    };
  }

  #list(node: YAMLSeq, { path, offset }: At, within: Around) {
    const items = node.items.map((item, index) => this.read(asNode(item), [...path, index], within));
    return {
      json: items.map(({ json }) => json),
      place: { ...nowhere, offset, items: items.map(({ place }) => place) },
    };
  }

  #scalar({ type, value }: Scalar, at: At) {
    const text = typeof value === 'string' ? value : '';
    if (type !== Scalar.PLAIN) {
      this.#refuseBrokenText(text, at);
      return single(text, at);
    }
    const plain = resolvePlain(text);
    if (plain.trap !== null) this.#fault(at, plain.trap.message, plain.trap.remedy);
    return single(plain.value, at, text);
  }

  #key(node: Node | null, at: At): string | null {
    if (!isScalar(node) || typeof node.value !== 'string') {
      this.#fault(at, 'a key must be a text', 'write the key as a plain or quoted text');
      return null;
    }
    const isPlain = node.type === Scalar.PLAIN;
    this.#refuseTag(node, at);
    this.#refuseBrokenText(node.value, at);
    if (isPlain && node.value === '') {
      this.#fault(at, 'a key is missing before the colon', 'write the key');
      return null;
    }
    if (isPlain && node.value === '<<') {
      this.#fault(at, 'merge keys (<<) are not supported', 'write the members out, or use a preset');
      return null;
    }
    // Nothing of AWS's has this name, and in JavaScript it is no ordinary one.
    if (node.value === '__proto__') {
      this.#fault(at, 'the key "__proto__" is not allowed', 'remove it');
      return null;
    }
    return node.value;
  }

  #refuseTag(node: Node, at: At): void {
    const tag = 'tag' in node && typeof node.tag === 'string' ? node.tag : null;
    if (tag === null || /^tag:yaml\.org,2002:(?:str|seq|map)$/.test(tag)) return;
    this.#fault(
      at,
      `the YAML tag ${quote(tag)} is not supported`,
      'write the value without a tag; variables such as ${AWS::AccountId} work in any text without !Sub',
    );
  }

  // Only escapes in double quotes can make them: the text itself has been checked.
  #refuseBrokenText(text: string, at: At): void {
    if (/[\p{Surrogate}\0]/u.test(text))
      this.#fault(at, 'this text holds half a character or a NUL', 'remove the escape that makes it');
  }

  #fault(at: At, message: string, remedy: string): void {
    this.faults.push({ ...at, message, remedy });
  }
}

function single(json: string | number | boolean | null, { offset }: At, text?: string) {
  return { json, place: { ...nowhere, offset, text: json === null ? null : (text ?? String(json)) } };
}

function asNode(part: unknown): Node | null {
  return isMap(part) || isSeq(part) || isScalar(part) || isAlias(part) ? part : null;
}
