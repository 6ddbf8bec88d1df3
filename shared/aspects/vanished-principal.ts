import * as z from 'zod/mini';

import { awsErrorCode } from '../errors.ts';
import type { JsonObject } from '../model.ts';
import { formatPolicy, withoutPrincipal } from '../policy/document.ts';
import { jsonObject } from './json-schema.ts';

const INVALID_PRINCIPAL = /Invalid principal in policy: "([A-Za-z]+)":"([^"]+)"/;

/** A trust policy without the principal for which IAM has refused it. */
export interface WithoutPrincipal {
  readonly document: JsonObject;
  readonly principal: string;
  /** What stays undone, and when it will be done. */
  readonly remainder: string;
}

/** null where IAM has refused the trust policy for something else, or the document does not name that principal. */
export function withoutVanishedPrincipal(document: JsonObject, error: unknown): WithoutPrincipal | null {
  if (awsErrorCode(error) !== 'MalformedPolicyDocument' || !(error instanceof Error)) return null;
  const [, type, principal] = INVALID_PRINCIPAL.exec(error.message) ?? [];
  if (type === undefined || principal === undefined) return null;
  const reduced = z.parse(jsonObject, withoutPrincipal(document, type, principal));
  if (formatPolicy(reduced) === formatPolicy(document)) return null;
  return {
    document: reduced,
    principal,
    remainder: `trust for ${principal} could not be restored: this principal does not exist. It is put back once the principal exists again; or remove it from the spec`,
  };
}
