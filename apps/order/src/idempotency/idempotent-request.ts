import { invalidRequest, Problem } from '@palinode/service';
import { createHash } from 'node:crypto';

/** A request that may be repeated. Keys of different routes or customers are independent. */
export interface IdempotentRequest {
  readonly route: string;
  readonly customerId: string;
  readonly key: string;
  /** A hash of the content, independent of its spelling. */
  readonly fingerprint: string;
}

const KEY = /^[\x21-\x7e]{1,255}$/;

/** @throws a problem for a malformed key. */
export function validKey(key: string): string {
  if (KEY.test(key)) return key;
  throw invalidRequest([{ field: 'Idempotency-Key', problem: 'must be 1 to 255 visible ASCII characters' }]);
}

/** @throws a problem when the first request with this key was different. */
export function assertRepeats(first: { readonly fingerprint: string }, repeated: string): void {
  if (first.fingerprint === repeated) return;
  throw new Problem(422, {
    code: 'idempotency-key-reused',
    title: 'The idempotency key belongs to another request',
    detail: 'This Idempotency-Key was used with another body before; use a new key for a new request.',
    errors: [{ field: 'Idempotency-Key', problem: 'was used with another body before' }],
  });
}

/** Hashes what a request asks for. The caller lists the values, so that the order of fields and white space do not matter. */
export function fingerprintOf(content: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}
