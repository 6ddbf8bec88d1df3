import { createHash } from 'node:crypto';

import type { Cause, RoleRef } from '../model.ts';
import type { Clock, RandomBytes } from '../ports/clock.ts';

// Crockford's alphabet: no I, L, O, U, so that ids can be read aloud (https://www.crockford.com/base32.html).
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: 10 characters of milliseconds, 16 of randomness; sorts by time (https://github.com/ulid/spec). */
export function ulid(clock: Clock, randomBytes: RandomBytes): string {
  return base32(BigInt(clock.now().getTime()), 10) + base32(toBigInt(randomBytes(10)), 16);
}

/**
 * `account/role/suffix`. The suffix comes from the first cause's event id, so that a redelivery of the same event is the
 * same incident; without a cause, from `seed`.
 */
export function incidentIdOf(role: RoleRef, causes: readonly Cause[], seed: string): string {
  const [first] = sortedCauses(causes);
  const digest = createHash('sha256')
    .update(first?.eventId ?? seed)
    .digest();
  return `${role.accountId}/${role.roleName}/${base32(toBigInt(digest.subarray(0, 7)), 10)}`;
}

/** By event time, then by id: CloudTrail's time has a resolution of one second. */
export function sortedCauses(causes: readonly Cause[]): readonly Cause[] {
  return [...causes].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

function orderOf({ eventTime, eventId }: Cause): string {
  return `${eventTime} ${eventId}`;
}

function toBigInt(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}

function base32(value: bigint, length: number): string {
  let rest = value;
  let text = '';
  for (let place = 0; place < length; place += 1) {
    text = ALPHABET.charAt(Number(rest % 32n)) + text;
    rest /= 32n;
  }
  return text;
}
