import { isDeepStrictEqual } from 'node:util';
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
  voidPayment,
  type CustomerConsent,
  type ReviseOrder,
  type RevisionBegun,
} from '@palinode/contracts';
import type { SagaDefinition } from '@palinode/saga/orchestrator';
import { explore, sagaTest, type Exploration, type SagaTest } from '@palinode/saga/testing';
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

const consent = (change: Partial<CustomerConsent> = {}): CustomerConsent => ({
  accepted: true,
  revisionId: aRevision().revisionId,
  differenceCents: dearer.differenceCents,
  ...change,
});

const begun = (revision: RevisionBegun): SagaTest =>
  sagaTest(reviseOrderSaga).start(aRevision()).reply(beginRevision, revision);
const agreed = (): SagaTest => begun(dearer).signal(customerConsent, consent());

describe('a revision that raises the price', () => {
  it('asks for the customer’s consent before anything else', () => {
    begun(dearer).expectCommands().expectStep('consent', 'INVOKED');
  });

  it('reserves and charges the added articles, and then changes the order', () => {
    const saga = agreed().expectCommands(reserveStock, authorizePayment);
    saga.reply(reserveStock, reserved).reply(authorizePayment, authorized).reply(capturePayment);
    saga.reply(commitRevision).reply(commitStock).expectCommands(finishRevision);
    saga.reply(finishRevision).expectStatus('COMPLETED');
  });

  it.each([
    ['another price', { differenceCents: 1_250 }],
    ['another revision', { revisionId: aRevision().orderId }],
  ])('drops the revision and charges nothing when the consent is to %s', (_what, change) => {
    const saga = begun(dearer).signal(customerConsent, consent(change));
    expect(saga.compensate(endRevision, dropRevision).state.cause?.reason).toBe('other-price-asked');
  });

  it('drops the revision when a consent to another price arrived before it began', () => {
    const saga = sagaTest(reviseOrderSaga).start(aRevision());
    saga.signal(customerConsent, consent({ differenceCents: 1_250 })).reply(beginRevision, dearer);
    saga.expectCommands(endRevision);
  });

  it('drops the revision when the customer declines or does not answer for a day', () => {
    const refused = begun(dearer).signal(customerConsent, consent({ accepted: false }));
    expect(refused.compensate(endRevision, dropRevision).state.cause?.reason).toBe('price-not-accepted');
    begun(dearer).passTime('1d').compensate(endRevision, dropRevision);
  });

  it('releases the stock when the card is declined', () => {
    const saga = agreed().reply(reserveStock, reserved).refuse(authorizePayment, 'card-declined');
    saga.compensate(releaseStock, endRevision, dropRevision);
  });
});

describe('a revision that lowers the price', () => {
  it('releases the order only when the difference is refunded and the stock is returned', () => {
    const saga = begun(cheaper).expectCommands(commitRevision).reply(commitRevision);
    expect(saga.awaited(reversePayment).payload).toMatchObject({ amountCents: 2_500 });
    saga.reply(returnStock).expectCommands(reversePayment).reply(reversePayment).expectCommands(finishRevision);
    saga.reply(finishRevision).expectStatus('COMPLETED');
  });
});

describe('a revision of an order that is still pending', () => {
  it('retries a revision of a pending order for more than ten minutes before it compensates', () => {
    const saga = sagaTest(reviseOrderSaga).start(aRevision());
    for (let minute = 0; saga.state.steps['revision']?.status === 'INVOKED'; minute += 1) {
      if (saga.state.steps['revision'].exchange?.waitsFor === 'reply') saga.fail(beginRevision, 'it is pending');
      else saga.passTime('10s');
    }
    expect(saga.now - saga.state.startedAt).toBeGreaterThan(10 * 60_000);
    saga.expectStep('revision', 'FAILED').expectStatus('COMPENSATING');
  });
});

const shop = {
  free: 1,
  reserved: 0,
  sold: 1,
  held: 0,
  paid: 2_500,
  order: 'APPROVED' as 'APPROVED' | 'REVISING',
  asked: true,
};
const soldTo = (held: number) => ({ free: 2 - held, reserved: 0, sold: held, held: 0, paid: held * 2_500 });

/** A customer with one teapot, in a shop with one more. */
function exploreRevision(
  revision: RevisionBegun,
  definition: SagaDefinition<ReviseOrder> = reviseOrderSaga,
): Exploration {
  return explore(definition)
    .world(shop)
    .on(beginRevision, { reply: revision, effect: (world) => ({ ...world, order: 'REVISING' }) })
    .on(endRevision, { effect: (world) => ({ ...world, order: 'APPROVED' }) })
    .on(dropRevision, { effect: (world) => ({ ...world, asked: false }) })
    .on(reserveStock, { reply: reserved, effect: (world) => ({ ...world, free: world.free - 1, reserved: 1 }) })
    .on(releaseStock, { effect: (world) => ({ ...world, free: world.free + world.reserved, reserved: 0 }) })
    .on(commitStock, { effect: (world) => ({ ...world, reserved: 0, sold: world.sold + world.reserved }) })
    .on(returnStock, { effect: (world) => ({ ...world, free: world.free + 1, sold: world.sold - 1 }) })
    .on(authorizePayment, { reply: authorized, effect: (world) => ({ ...world, held: 2_500 }) })
    .on(voidPayment, { effect: (world) => ({ ...world, held: 0 }) })
    .on(capturePayment, { effect: (world) => ({ ...world, held: 0, paid: world.paid + world.held }) })
    .on(reversePayment, { effect: (world) => ({ ...world, paid: world.paid - 2_500 }) })
    .on(finishRevision, { effect: (world) => ({ ...world, order: 'APPROVED', asked: false }) })
    .always('no teapot is lost', ({ free, reserved: aside, sold }) => free + aside + sold === 2)
    .whenCompensated('everything is as before', (world) => isDeepStrictEqual(world, { ...shop, asked: false }))
    .whenCompleted('the customer has, and pays, what the revision says', (world) =>
      isDeepStrictEqual(world, { ...shop, asked: false, ...soldTo(revision === dearer ? 2 : 0) }),
    )
    .signal(customerConsent, consent(), consent({ accepted: false }), consent({ differenceCents: 1 }))
    .start(aRevision(), { tries: 1 });
}

describe('the exploration of revise-order', () => {
  it.each([
    ['raises the price', dearer],
    ['lowers the price', cheaper],
  ])('finds that a revision that %s is either applied or fully undone', (_which, revision) => {
    const { states } = exploreRevision(revision).expectNoBrokenPromise();
    expect(states).toBeGreaterThan(100);
  });

  it('reports a broken promise when the captured payment is not refunded', () => {
    const stages = reviseOrderSaga.stages.map(({ steps }) => ({
      steps: steps.map((step) =>
        step.compensation?.command === reversePayment
          ? { ...step, compensation: { ...step.compensation, command: voidPayment } }
          : step,
      ),
    }));
    const { story } = exploreRevision(dearer, { ...reviseOrderSaga, stages });
    expect(story).toContain('"everything is as before" does not hold');
  });
});
