/*
 * What decides about revisions, as pure functions of what is stored: the handlers and the API ask them under the order's
 * lock, and the exploration of pairs of sagas (test/pairs) asks the same ones.
 */
import type { RevisionBegun } from '@palinode/contracts';
import type { Order } from '../orders/order-messages';
import { difference } from './difference';
import type { ConsentRequest, Revision } from './revision-messages';

/** `later` while the order is pending, `never` when the revision cannot begin, or what it changes. */
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

/** A revision, as far as it asks a customer for consent. */
export type Asking = Pick<Revision, 'revisionId' | 'status' | 'differenceCents' | 'consent'>;

export type ConsentVerdict = 'valid' | 'repeated' | 'contradicts-earlier' | 'not-asked';

/** Judges a customer's answer: it counts only for the revision that the order is held for, and for the price that it asks. */
export function judgeConsent(
  held: Asking | undefined,
  { accepted, revisionId, differenceCents }: ConsentRequest,
): ConsentVerdict {
  if (!isAsking(held) || held.revisionId !== revisionId || held.differenceCents !== differenceCents) return 'not-asked';
  if (held.consent === null) return 'valid';
  return held.consent === accepted ? 'repeated' : 'contradicts-earlier';
}

/** Whether it asks for more money, answered or not. */
export function isAsking(held: Asking | undefined): held is Asking & { differenceCents: number } {
  return held?.status === 'BEGUN' && held.differenceCents !== null && held.differenceCents > 0;
}
