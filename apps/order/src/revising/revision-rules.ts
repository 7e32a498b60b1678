/*
 * The rules of revisions, as pure functions of stored data. The handlers and the API call them under the order's lock; the
 * exploration of pairs of sagas (test/pairs) uses the same functions.
 */
import type { OrderLine, RevisionBegun } from '@palinode/contracts';
import type { Order } from '../orders/order-messages';
import type { ConsentRequest, Revision } from './revision-messages';

/** `later` while the order is pending; `never` when the revision cannot begin; otherwise the change. */
export function beginning(
  order: Pick<Order, 'status' | 'customerId' | 'currency' | 'totalCents' | 'lines'> | undefined,
  revision: Pick<Revision, 'status' | 'totalCents' | 'lines'> | undefined,
): RevisionBegun | 'later' | 'never' {
  if (order?.status === 'PENDING') return 'later';
  if (order?.status !== 'APPROVED' || revision?.status !== 'ASKED') return 'never';
  return {
    customerId: order.customerId,
    currency: order.currency,
    differenceCents: revision.totalCents - order.totalCents,
    ...difference(order.lines, revision.lines),
  };
}

/** The part of a revision that concerns the customer's consent. */
export type Asking = Pick<Revision, 'revisionId' | 'status' | 'differenceCents' | 'consent'>;

export type ConsentVerdict = 'valid' | 'repeated' | 'contradicts-earlier' | 'not-asked';

/** Validates a customer's answer: it counts only for the revision that the order is held for, and for its price. */
export function judgeConsent(
  held: Asking | undefined,
  { accepted, revisionId, differenceCents }: ConsentRequest,
): ConsentVerdict {
  if (!isAsking(held) || held.revisionId !== revisionId || held.differenceCents !== differenceCents) return 'not-asked';
  if (held.consent === null) return 'valid';
  return held.consent === accepted ? 'repeated' : 'contradicts-earlier';
}

/** Whether it costs more, answered or not. */
export function isAsking(held: Asking | undefined): held is Asking & { differenceCents: number } {
  return held?.status === 'BEGUN' && held.differenceCents !== null && held.differenceCents > 0;
}

export interface Difference {
  readonly added: OrderLine[];
  readonly removed: OrderLine[];
}

/** The units that a revision adds and removes. Neither list names an article twice. */
export function difference(before: readonly OrderLine[], after: readonly OrderLine[]): Difference {
  const change = new Map<string, number>();
  for (const { sku, quantity } of after) change.set(sku, (change.get(sku) ?? 0) + quantity);
  for (const { sku, quantity } of before) change.set(sku, (change.get(sku) ?? 0) - quantity);
  const lines = [...change].map(([sku, quantity]) => ({ sku, quantity }));
  return {
    added: lines.filter(({ quantity }) => quantity > 0),
    removed: lines.filter(({ quantity }) => quantity < 0).map(({ sku, quantity }) => ({ sku, quantity: -quantity })),
  };
}
