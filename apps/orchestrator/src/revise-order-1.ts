import {
  authorizePayment,
  beginRevision,
  capturePayment,
  commitStock,
  dropRevision,
  endRevision,
  finishRevision,
  releaseStock,
  reserveStock,
  returnStock,
  reversePayment,
  reviseOrder,
  voidPayment,
  type ReviseOrder,
  type RevisionBegun,
} from '@palinode/contracts';
import { defineSignal } from '@palinode/saga/contract';
import { defineSaga, exponential } from '@palinode/saga/orchestrator';
import { IsBoolean } from 'class-validator';
import { reasonOf } from './reason';

class CustomerConsent {
  @IsBoolean()
  accepted!: boolean;
}

/** The signal also names the revision and its price; this version does not read them. */
const customerConsent = defineSignal('customer-consent', { payload: CustomerConsent });

type Scoped = { readonly input: ReviseOrder; readonly revision: RevisionBegun };
type Named = Pick<ReviseOrder, 'orderId' | 'revisionId'>;

const named = ({ input: { orderId, revisionId } }: { input: ReviseOrder }): Named => ({ orderId, revisionId });
const costsMore = ({ revision }: Scoped): boolean => revision.differenceCents > 0;
const costsLess = ({ revision }: Scoped): boolean => revision.differenceCents < 0;
const adds = ({ revision }: Scoped): boolean => revision.added.length > 0;
const removes = ({ revision }: Scoped): boolean => revision.removed.length > 0;

/**
 * Like version 2, except that it releases the order at the pivot, before the refund, and that a consent names no price. No
 * new revision uses it. It stays until the last one that did has ended, two days after version 2 was deployed.
 */
export const reviseOrderSaga1 = defineSaga({ ...reviseOrder, version: 1, deadline: '2d' })
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
      otherwise: () => ({ accepted: false }),
      refusal: ({ signal }) => (signal.accepted ? undefined : 'price-not-accepted'),
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
  .pivot('order', { invoke: finishRevision, payload: named })
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
  .build();
