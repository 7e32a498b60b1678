import { invalidRequest } from '@palinode/service';
import { createHash } from 'node:crypto';
import type { OrderRequest } from '../placing/placing-messages';

/** A request that may come twice; keys of different routes and customers have nothing to do with each other. */
export interface IdempotentRequest {
  readonly route: string;
  readonly customerId: string;
  readonly key: string;
  /** The same for the same content, whatever its spelling. */
  readonly fingerprint: string;
}

const KEY = /^[\x21-\x7e]{1,255}$/;

export function idempotentRequest(route: string, key: string, body: OrderRequest): IdempotentRequest {
  if (!KEY.test(key)) {
    throw invalidRequest([{ field: 'Idempotency-Key', problem: 'must be 1 to 255 visible ASCII characters' }]);
  }
  return { route, customerId: body.customerId, key, fingerprint: fingerprint(body) };
}

/** Takes up the fields by name, so that neither their order nor white space matters. */
export function fingerprint({ customerId, lines, paymentToken, webhookUrl }: OrderRequest): string {
  const webhook = webhookUrl === undefined ? [] : [webhookUrl];
  const content = [customerId, paymentToken, lines.map(({ sku, quantity }) => [sku, quantity]), ...webhook];
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}
