import { createHash } from 'node:crypto';

import type { Json } from '../model.ts';
import type { RoleDeclaration } from './spec.ts';

/** Of one declaration, without who may deploy it, nor what is done when it is deleted: what the role must look like. */
export function declarationDigest({ name, path, mode, aspects }: RoleDeclaration): string {
  return specDigest([{ name, path, mode, aspects, line: 0 }]);
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
  return `sha256:${createHash('sha256').update(canonical(declared)).digest('hex')}`;
}

function canonical(json: Json): string {
  return JSON.stringify(json, (_key, value: Json) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
