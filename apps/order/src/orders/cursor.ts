import { isUuid } from '@palinode/saga/contract';
import { invalidRequest } from '@palinode/service';

/** Encodes where a page ends, opaque to the client. */
export function toCursor(orderId: string): string {
  return Buffer.from(orderId).toString('base64url');
}

export function fromCursor(cursor: string): string {
  const orderId = Buffer.from(cursor, 'base64url').toString();
  if (!isUuid(orderId)) throw invalidRequest([{ field: 'cursor', problem: 'must be the `next` of an earlier page' }]);
  return orderId;
}
