/*
 * Message ids are UUIDv7 (RFC 9562): their first 48 bits are the millisecond in which they were made, so that the inbox
 * knows the day of a message from the id alone.
 */
import { hash } from 'node:crypto';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** True for a UUID of any version, in lower case. */
export function isUuid(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text);
}

/** Returns a UUID in lower case, and any other text unchanged. */
export function canonicalId(text: string): string {
  const small = text.toLowerCase();
  return isUuid(small) ? small : text;
}

export function isUuidV7(text: unknown): text is string {
  return isUuid(text) && text[14] === '7';
}

/** Returns the instant in a UUIDv7, in milliseconds since 1970. */
export function instantOf(uuidV7: string): number {
  return Number.parseInt(uuidV7.slice(0, 8) + uuidV7.slice(9, 13), 16);
}

/** Returns the UTC day in a UUIDv7, as `2026-11-21`. */
export function dayOf(uuidV7: string): string {
  const day = Math.floor(instantOf(uuidV7) / DAY_MS);
  if (day !== latestDay.number) latestDay = { number: day, text: new Date(day * DAY_MS).toISOString().slice(0, 10) };
  return latestDay.text;
}

const DAY_MS = 86_400_000;
/** Cached, because nearly all ids have the day of the previous one. */
let latestDay = { number: 0, text: '1970-01-01' };

/** Returns the smallest UUIDv7 of an instant: every id made earlier sorts before it. */
export function lowestIdAt(instantMs: number): string {
  return `${timePart(instantMs)}-7000-8000-000000000000`;
}

/**
 * Returns the id of a saga's n-th command: the instant, and 74 bits of the digest of n and the saga's secret. Without
 * the secret the next id cannot be guessed from the saga or its other commands. A pure function, so that the engine
 * stays pure.
 *
 * Sagas of releases before the secret have ids made of n and the random tail of their own id.
 */
export function commandId(saga: { id: string; secret?: string | undefined }, n: number, instantMs: number): string {
  const { id, secret } = saga;
  if (secret !== undefined) return secretId(`${secret}/${n}`, instantMs);
  return `${timePart(instantMs)}-7${(n & 0xfff).toString(16).padStart(3, '0')}-${id.slice(19)}`;
}

/** Returns a UUIDv7 whose random bits are those of a digest. */
function secretId(text: string, instantMs: number): string {
  const digest = hash('sha256', text, 'hex');
  const variant = ((Number.parseInt(digest.charAt(3), 16) & 0b11) | 0b1000).toString(16);
  return `${timePart(instantMs)}-7${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}

function timePart(instantMs: number): string {
  const hex = Math.trunc(instantMs).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
