import { MalformedPolicyError } from '../errors.ts';
import type { AccessDelta, Json } from '../model.ts';
import { comparePolicies } from '../policy/equal.ts';
import { explainAccess } from '../policy/explain.ts';
import { parsePolicyText } from '../policy/parse.ts';
import type { AspectContext } from './definition.ts';

/**
 * The document that IAM answers with, percent-encoded (RFC 3986). What is no document to us stays the text that it is:
 * one policy that cannot be read must not hide the rest of its role.
 */
export function identityDocument(text: string): Json {
  try {
    return parsePolicyText(text);
  } catch (error) {
    if (error instanceof MalformedPolicyError) return text;
    throw error;
  }
}

/** Whether both give the same. A document that we cannot read may grant anything, so it is different. */
export function isSameIdentity(declared: Json, actual: Json, context: AspectContext): boolean {
  try {
    return comparePolicies(declared, actual, { kind: 'identity', ...context }).equivalent;
  } catch (error) {
    if (error instanceof MalformedPolicyError) return false;
    throw error;
  }
}

/** What the role may do by `actual` and not by `declared`, and the reverse. null: there is no policy. */
export function explainIdentity(
  declared: Json | null,
  actual: Json | null,
  context: AspectContext,
): AccessDelta {
  try {
    return explainAccess(declared, actual, { kind: 'identity', ...context });
  } catch (error) {
    if (!(error instanceof MalformedPolicyError)) throw error;
    const text = `this role may be able to do anything: its policy cannot be read (${error.message})`;
    return { gained: [{ resource: '*', actions: ['*'], conditions: {}, text }], lost: [] };
  }
}
