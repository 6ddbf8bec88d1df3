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
import { nowhere, type Place } from './source-place.ts';
import { quote } from './spec-fault.ts';
import { resolvePlain } from './yaml-scalar.ts';

/** A fault of the YAML text itself. */
export interface TextFault {
  readonly offset: number;
  readonly message: string;
  readonly remedy: string;
}

interface Read {
  readonly json: Json | undefined;
  readonly place: Place;
  readonly faults: readonly TextFault[];
}

// Aliases may stand for aliases: a few lines can unfold to billions of values ("billion laughs").
const MOST_VALUES = 500_000;
const DEEPEST = 64;

/** YAML nodes as JSON, with the place of each. Aliases are resolved; tags, merge keys and odd keys are refused. */
export function readNode(root: ParsedNode | null): Read {
  const reader = new NodeReader();
  const { json, place } = reader.read(root, 0, 0);
  return { json: reader.isExhausted ? undefined : json, place, faults: reader.faults };
}

class NodeReader {
  readonly faults: TextFault[] = [];
  readonly #anchors = new Map<string, Node>();
  #values = 0;

  get isExhausted(): boolean {
    return this.#values > MOST_VALUES;
  }

  read(node: Node | null, depth: number, fallbackOffset: number): { json: Json; place: Place } {
    const offset = node?.range?.[0] ?? fallbackOffset;
    this.#values += 1;
    if (this.#values === MOST_VALUES + 1)
      this.#fault(
        offset,
        `aliases unfold this file to more than ${MOST_VALUES} values`,
        'write the values out, or use a preset or a pattern instead of aliases',
      );
    if (node === null || this.isExhausted) return single(null, offset);
    if (depth > DEEPEST) {
      this.#fault(offset, 'an alias stands for something that holds the alias itself', 'write the value out');
      return single(null, offset);
    }
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target !== undefined) return this.read(target, depth + 1, offset);
      this.#fault(offset, `no anchor "&${node.source}" comes before this alias`, 'write the value out');
      return single(null, offset);
    }
    this.#refuseTag(node, offset);
    if ('anchor' in node && typeof node.anchor === 'string') this.#anchors.set(node.anchor, node);
    if (isMap(node)) return this.#map(node, depth, offset);
    if (isSeq(node)) return this.#list(node, depth, offset);
    return isScalar(node) ? this.#scalar(node, offset) : single(null, offset);
  }

  #map(node: YAMLMap, depth: number, offset: number) {
    const members = new Map<string, { json: Json; place: Place }>();
    for (const { key, value } of node.items) {
      const keyNode = asNode(key);
      const keyOffset = keyNode?.range?.[0] ?? offset;
      const name = this.#key(keyNode, keyOffset);
      const read = this.read(asNode(value), depth + 1, keyOffset);
      if (name === null) continue;
      if (members.has(name))
        this.#fault(
          keyOffset,
          `the key ${quote(name)} is there already, and one of the two would be lost`,
          'keep one of them',
        );
      else members.set(name, { json: read.json, place: { ...read.place, keyOffset } });
    }
    const entries = [...members];
    return {
      json: Object.fromEntries(entries.map(([name, { json }]) => [name, json])),
      place: { ...nowhere, offset, members: new Map(entries.map(([name, { place }]) => [name, place])) },
    };
  }

  #list(node: YAMLSeq, depth: number, offset: number) {
    const items = node.items.map((item) => this.read(asNode(item), depth + 1, offset));
    return {
      json: items.map(({ json }) => json),
      place: { ...nowhere, offset, items: items.map(({ place }) => place) },
    };
  }

  #scalar({ type, value }: Scalar, offset: number) {
    const text = typeof value === 'string' ? value : '';
    if (type !== Scalar.PLAIN) {
      this.#refuseBrokenText(text, offset);
      return single(text, offset);
    }
    const plain = resolvePlain(text);
    if (plain.trap !== null) this.#fault(offset, plain.trap.message, plain.trap.remedy);
    return single(plain.value, offset, text);
  }

  #key(node: Node | null, offset: number): string | null {
    if (!isScalar(node) || typeof node.value !== 'string') {
      this.#fault(offset, 'a key must be a text', 'write the key as a plain or quoted text');
      return null;
    }
    const isPlain = node.type === Scalar.PLAIN;
    this.#refuseTag(node, offset);
    this.#refuseBrokenText(node.value, offset);
    if (isPlain && node.value === '') {
      this.#fault(offset, 'a key is missing before the colon', 'write the key');
      return null;
    }
    if (isPlain && node.value === '<<') {
      this.#fault(offset, 'merge keys (<<) are not supported', 'write the members out, or use a preset');
      return null;
    }
    // Nothing of AWS's has this name, and in JavaScript it is no ordinary one.
    if (node.value === '__proto__') {
      this.#fault(offset, 'the key "__proto__" is not allowed', 'remove it');
      return null;
    }
    return node.value;
  }

  #refuseTag(node: Node, offset: number): void {
    const tag = 'tag' in node && typeof node.tag === 'string' ? node.tag : null;
    if (tag === null || /^tag:yaml\.org,2002:(?:str|seq|map)$/.test(tag)) return;
    this.#fault(
      offset,
      `the YAML tag ${quote(tag)} is not supported`,
      'write the value without a tag; variables such as ${AWS::AccountId} work in any text without !Sub',
    );
  }

  // Only escapes in double quotes can make them: the text itself has been checked.
  #refuseBrokenText(text: string, offset: number): void {
    if (/[\p{Surrogate}\0]/u.test(text))
      this.#fault(offset, 'this text holds half a character or a NUL', 'remove the escape that makes it');
  }

  #fault(offset: number, message: string, remedy: string): void {
    this.faults.push({ offset, message, remedy });
  }
}

function single(json: string | number | boolean | null, offset: number, text?: string) {
  return { json, place: { ...nowhere, offset, text: json === null ? null : (text ?? String(json)) } };
}

function asNode(part: unknown): Node | null {
  return isMap(part) || isSeq(part) || isScalar(part) || isAlias(part) ? part : null;
}
