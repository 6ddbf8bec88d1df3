import type { Json } from '../model.ts';
import { policyFaults } from '../policy/faults.ts';
import { parsePolicyText } from '../policy/parse.ts';
import { IamRefusal } from './refusal.ts';

/** IAM returns every policy document percent-encoded by RFC 3986, which leaves fewer characters alone than JavaScript. */
export function encodeDocument(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** IAM's quotas on policies do not count white space. */
export function countedLength(text: string): number {
  return text.replace(/\s/g, '').length;
}

function parseSubmitted(text: string): Json {
  // Answers are percent-encoded, but what is put must be JSON from its first character.
  if (/^\s/.test(text)) throw malformed('JSON strings must not have leading spaces');
  if (!text.startsWith('{')) throw malformed('This policy contains invalid Json');
  try {
    return parsePolicyText(text);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
}

export function malformed(message: string): IamRefusal {
  return new IamRefusal('MalformedPolicyDocument', message);
}

/** The document in a put request; its size is the caller's concern, since quotas differ. @throws {IamRefusal} as IAM refuses what is malformed, with its code and message. */
export function acceptDocument(text: string, kind: 'trust' | 'identity'): Json {
  const document = parseSubmitted(text);
  const fault = policyFaults(document, kind).find(({ iamCode }) => iamCode === 'MalformedPolicyDocument');
  if (fault !== undefined) throw malformed(fault.iamMessage ?? fault.message);
  return document;
}
