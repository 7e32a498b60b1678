import {
  authorizePayment,
  beginRevision,
  capturePayment,
  commitStock,
  customerConsent,
  dropRevision,
  endRevision,
  finishRevision,
  releaseStock,
  reserveStock,
  returnStock,
  reversePayment,
  type ReviseOrder,
  type RevisionBegun,
} from '@palinode/contracts';
import { sagaTest, type SagaTest } from '@palinode/saga/testing';
import { reviseOrderSaga } from './revise-order';

const aRevision = (): ReviseOrder => ({
  orderId: '019b76da-a800-7000-8000-000000000001',
  revisionId: '019b76da-a800-7000-8000-000000000002',
  paymentToken: 'tok_ok',
});
const pot = [{ sku: 'SKU-TEAPOT', quantity: 1 }];
const of = (differenceCents: number, part: Partial<RevisionBegun>): RevisionBegun => ({
  customerId: 'cust-1',
  currency: 'EUR',
  differenceCents,
  added: [],
  removed: [],
  ...part,
});
const dearer = of(2_500, { added: pot });
const cheaper = of(-2_500, { removed: pot });
const reserved = { reservationId: '019b76da-a800-7000-8000-00000000000a' };
const authorized = { authorizationId: '019b76da-a800-7000-8000-00000000000b' };

const begun = (revision: RevisionBegun): SagaTest =>
  sagaTest(reviseOrderSaga).start(aRevision()).reply(beginRevision, revision);
const agreed = (): SagaTest => begun(dearer).signal(customerConsent, { accepted: true });

describe('a revision that makes the order dearer', () => {
  it('asks the customer before anything else', () => {
    begun(dearer).expectCommands().expectStep('consent', 'INVOKED');
  });

  it('reserves and charges what is added, before the order changes', () => {
    const saga = agreed().expectCommands(reserveStock, authorizePayment);
    saga.reply(reserveStock, reserved).reply(authorizePayment, authorized).reply(capturePayment);
    saga.reply(finishRevision).expectCommands(commitStock).reply(commitStock).expectStatus('COMPLETED');
  });

  it('comes to nothing when the customer does not agree, or says nothing for a day', () => {
    const refused = begun(dearer).signal(customerConsent, { accepted: false });
    expect(refused.expectCommands(endRevision, dropRevision).state.cause?.reason).toBe('price-not-accepted');
    begun(dearer).passTime('1d').expectCommands(endRevision, dropRevision);
  });

  it('gives the stock back when the card is declined', () => {
    const saga = agreed().reply(reserveStock, reserved).refuse(authorizePayment, 'card-declined');
    saga.expectCommands(releaseStock, endRevision, dropRevision);
  });
});

describe('a revision that makes the order cheaper', () => {
  it('changes the order, then gives back what is too much', () => {
    const saga = begun(cheaper).expectCommands(finishRevision).reply(finishRevision);
    expect(saga.awaited(reversePayment).payload).toMatchObject({ amountCents: 2_500 });
    saga.reply(returnStock).reply(reversePayment).expectStatus('COMPLETED');
  });
});

describe('an order that is still pending', () => {
  it('is asked again for ten minutes and more', () => {
    const saga = sagaTest(reviseOrderSaga).start(aRevision());
    for (let minute = 0; saga.state.steps['revision']?.status === 'INVOKED'; minute += 1) {
      if (saga.state.steps['revision'].exchange?.waitsFor === 'reply') saga.fail(beginRevision, 'it is pending');
      else saga.passTime('10s');
    }
    expect(saga.now - saga.state.startedAt).toBeGreaterThan(10 * 60_000);
    saga.expectStep('revision', 'FAILED').expectStatus('COMPENSATING');
  });
});
