import {
  authorizePayment,
  beginRevision,
  capturePayment,
  commitRevision,
  commitStock,
  customerConsent,
  dropRevision,
  endRevision,
  finishRevision,
  releaseStock,
  reserveStock,
  returnStock,
  reversePayment,
  reviseOrder,
  voidPayment,
  type CustomerConsent,
  type ReviseOrder,
  type RevisionBegun,
} from '@palinode/contracts';
import { defineSaga, exponential } from '@palinode/saga/orchestrator';
import { reasonOf } from './reason';

type Scoped = { readonly input: ReviseOrder; readonly revision: RevisionBegun };
type Named = Pick<ReviseOrder, 'orderId' | 'revisionId'>;

const named = ({ input: { orderId, revisionId } }: { input: ReviseOrder }): Named => ({ orderId, revisionId });
const costsMore = ({ revision }: Scoped): boolean => revision.differenceCents > 0;
const costsLess = ({ revision }: Scoped): boolean => revision.differenceCents < 0;
const adds = ({ revision }: Scoped): boolean => revision.added.length > 0;
const removes = ({ revision }: Scoped): boolean => revision.removed.length > 0;

/** Accepts a consent only to this price of this revision, also from an early signal or the admin API. */
function whyNotAgreed({ signal, input, revision }: Scoped & { readonly signal: CustomerConsent }): string | undefined {
  if (!signal.accepted) return 'price-not-accepted';
  const isToThis = signal.revisionId === input.revisionId && signal.differenceCents === revision.differenceCents;
  return isToThis ? undefined : 'other-price-asked';
}

/**
 * Changes the quantities of an approved order. Added units are reserved and paid before the pivot; removed ones are returned
 * and refunded after it. Added units are reserved under the revision's own id.
 *
 * The order is held from `revision` until the last command, `order`, or on compensation until the compensation of
 * `revision`, which runs after those of money and stock. So no other saga sees the order with an open refund.
 */
export const reviseOrderSaga = defineSaga({ ...reviseOrder, version: 2, deadline: '2d' })
  .compensation('request', {
    invoke: dropRevision,
    payload: ({ input, cause }) => ({ ...named({ input }), reason: reasonOf(cause) }),
  })
  .compensatable('revision', {
    invoke: beginRevision,
    payload: named,
    compensation: { invoke: endRevision, payload: named },
    // Fails while the order is pending: retries for about a quarter of an hour, as long as an order may take.
    retry: { attempts: 100, backoff: exponential('200ms', { cap: '10s' }) },
  })
  .when(costsMore, (saga) =>
    saga.wait('consent', {
      signal: customerConsent,
      timeout: '1d',
      otherwise: ({ input, revision }) => ({
        accepted: false,
        revisionId: input.revisionId,
        differenceCents: revision.differenceCents,
      }),
      refusal: whyNotAgreed,
    }),
  )
  .parallel((branch) => ({
    stock: branch.when(
      adds,
      branch.compensatable({
        invoke: reserveStock,
        payload: ({ input, revision }) => ({ orderId: input.revisionId, lines: revision.added }),
        compensation: { invoke: releaseStock, payload: ({ input }) => ({ orderId: input.revisionId }) },
      }),
    ),
    payment: branch.when(
      costsMore,
      branch.compensatable({
        invoke: authorizePayment,
        payload: ({ input: { orderId, paymentToken }, revision: { customerId, currency, differenceCents } }) => ({
          orderId,
          customerId,
          amountCents: differenceCents,
          currency,
          paymentToken,
        }),
        compensation: { invoke: voidPayment, payload: ({ input }) => ({ orderId: input.orderId }) },
      }),
    ),
  }))
  .when(costsMore, (saga) =>
    saga.compensatable('capture', {
      invoke: capturePayment,
      payload: ({ input, payment }) => ({
        orderId: input.orderId,
        // It was authorized under the same condition.
        authorizationId: payment!.authorizationId,
      }),
      compensation: {
        invoke: reversePayment,
        payload: ({ input, revision }) => ({ orderId: input.orderId, amountCents: revision.differenceCents }),
      },
    }),
  )
  .pivot('commitment', { invoke: commitRevision, payload: named })
  .parallel((branch) => ({
    sale: branch.when(
      adds,
      branch.retriable({
        invoke: commitStock,
        payload: ({ input }) => ({ orderId: input.revisionId }),
      }),
    ),
    returned: branch.when(
      removes,
      branch.retriable({
        invoke: returnStock,
        payload: ({ input, revision }) => ({ orderId: input.orderId, lines: revision.removed }),
      }),
    ),
    refund: branch.when(
      costsLess,
      branch.retriable({
        invoke: reversePayment,
        payload: ({ input, revision }) => ({ orderId: input.orderId, amountCents: -revision.differenceCents }),
      }),
    ),
  }))
  .retriable('order', { invoke: finishRevision, payload: named })
  .build();
