import { invalidRequest, Problem } from '@palinode/service';
import { createHash } from 'node:crypto';
import type { OrderRequest } from '../placing/placing-messages';

/** A request that may be repeated. Keys of different routes or customers are independent. */
export interface IdempotentRequest {
  readonly route: string;
  readonly customerId: string;
  readonly key: string;
  /** A hash of the content, independent of its spelling. */
  readonly fingerprint: string;
}

const KEY = /^[\x21-\x7e]{1,255}$/;

export function idempotentRequest(route: string, key: string, body: OrderRequest): IdempotentRequest {
  return { route, customerId: body.customerId, key: validKey(key), fingerprint: fingerprint(body) };
}

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

/** Lists the fields explicitly, so that their order and white space do not matter. */
export function fingerprint({ customerId, lines, paymentToken, webhookUrl }: OrderRequest): string {
  const webhook = webhookUrl === undefined ? [] : [webhookUrl];
  const content = [customerId, paymentToken, lines.map(({ sku, quantity }) => [sku, quantity]), ...webhook];
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}
