import { createHash, type Hash } from 'node:crypto';

import type { Json } from '../model.ts';
import type { RoleDeclaration } from './spec.ts';

/**
 * By aspect, of what one declaration says about it; `role` is of the role itself. Without who may deploy it: what the role must
 * look like.
 */
export function declarationDigests({
  path,
  mode,
  aspects,
  recreation,
}: RoleDeclaration): Readonly<Record<string, string>> {
  const itself = { path, mode, recreation: recreation === undefined ? null : { ...recreation } };
  const ofAspects = Object.entries(aspects).map(([name, aspect]): [string, string] => [
    name,
    digestOf({ mode: aspect.mode, declared: aspect.declared }),
  ]);
  return { role: digestOf(itself), ...Object.fromEntries(ofAspects) };
}

/** `sha256:…` of what is declared. Layout, comments, lines and the order of members do not change it. */
export function specDigest(roles: readonly RoleDeclaration[]): string {
  const declared = roles.map(({ name, path, mode, aspects, grace, recreation }) => ({
    name,
    path,
    mode,
    ...(grace === undefined ? {} : { grace: { ...grace } }),
    ...(recreation === undefined ? {} : { recreation: { ...recreation } }),
    aspects: Object.fromEntries(
      Object.entries(aspects).map(([aspect, desired]) => [
        aspect,
        { mode: desired.mode, declared: desired.declared },
      ]),
    ),
  }));
  return `sha256:${hashOf(declared).digest('hex')}`;
}

function digestOf(json: Json): string {
  return hashOf(json).digest('base64url').slice(0, 22);
}

function hashOf(json: Json): Hash {
  return createHash('sha256').update(canonical(json));
}

function canonical(json: Json): string {
  return JSON.stringify(json, (_key, value: Json) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
