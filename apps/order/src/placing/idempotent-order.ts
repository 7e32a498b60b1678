import { fingerprintOf, validKey, type IdempotentRequest } from '../idempotency/idempotent-request';
import type { OrderRequest } from './placing-messages';

/** @throws a problem for a malformed key. */
export function idempotentOrder(route: string, key: string, body: OrderRequest): IdempotentRequest {
  return { route, customerId: body.customerId, key: validKey(key), fingerprint: fingerprint(body) };
}

export function fingerprint({ customerId, lines, paymentToken, webhookUrl }: OrderRequest): string {
  const webhook = webhookUrl === undefined ? [] : [webhookUrl];
  return fingerprintOf([customerId, paymentToken, lines.map(({ sku, quantity }) => [sku, quantity]), ...webhook]);
}
