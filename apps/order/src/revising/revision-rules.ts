/*
 * The rules of revisions, as pure functions of stored data. The handlers and the API call them under the order's lock; the
 * exploration of pairs of sagas (test/pairs) uses the same functions.
 */
import type { RevisionBegun } from '@palinode/contracts';
import type { Order } from '../orders/order-messages';
import { difference } from './difference';
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
