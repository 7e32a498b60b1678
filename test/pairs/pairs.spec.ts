/*
 * Explores sagas that meet on one order in every interleaving, with the shop's definitions and its services' decisions.
 * In the gate there is at most one disturbance (a refusal, a failure, a lost answer, a timeout, an operator) for two
 * sagas, and none for three. MORE_DISTURBANCES=1 allows one more, explores the rest at random, and takes minutes.
 */
import {
  beginRevision,
  customerConsent,
  finishRevision,
  reversePayment,
  type BeginRevision,
  type RevisionBegun,
} from '@palinode/contracts';
import type { SagaDefinition } from '@palinode/saga/definition';
import type { Exploration } from '@palinode/saga/testing';
import { cancelOrderSaga } from '../../apps/orchestrator/src/cancel-order';
import { placeOrderSaga } from '../../apps/orchestrator/src/place-order';
import { reviseOrderSaga } from '../../apps/orchestrator/src/revise-order';
import { reviseOrderSaga1 } from '../../apps/orchestrator/src/revise-order-1';
import { beginning } from '../../apps/order/src/revising/revision-rules';
import {
  answering,
  cancelling,
  emptyShop,
  exploreShop,
  placing,
  promiseWhenSettled,
  revisionIn,
  revisionIdOf,
  revising,
  shopWithOrderOf,
  withAnswer,
  withRevision,
  withStatus,
  type World,
} from './shop';

type Shop = ReturnType<typeof exploreShop>;

const newShop = (): Shop => exploreShop(emptyShop);
const three = (): Shop => exploreShop(shopWithOrderOf(3));
const place = (shop: Shop, cups = 3): Shop => shop.request('order', placeOrderSaga, placing(cups));
const cancel = (shop: Shop, words = 'cancellation'): Shop => shop.request(words, cancelOrderSaga, cancelling);

/** A request for a revision to this number of cups, and each possible answer of its customer. */
function revise(shop: Shop, number: number, cups: number, definition = reviseOrderSaga): Shop {
  const words = `revision ${number} to ${cups}`;
  return shop
    .request(words, definition, revising(number, cups))
    .response(
      'agrees to the estimate',
      words,
      customerConsent,
      answering(number, { accepted: true, price: 'estimated' }),
    )
    .response(
      'agrees to the requested price',
      words,
      customerConsent,
      answering(number, { accepted: true, price: 'requested' }),
    )
    .response('declines', words, customerConsent, answering(number, { accepted: false, price: 'requested' }));
}

const more = Number(process.env['MORE_DISTURBANCES'] ?? 0);

function expectKept(shop: Shop, disturbances: number): Exploration {
  const exploration = shop.start({ disturbances, walks: more > 0 ? 500 : 0 });
  if (more > 0) process.stderr.write(`${JSON.stringify({ ...exploration, story: undefined })}\n`);
  return exploration.expectNoBrokenPromise({ disturbances });
}

describe('money, stock and status add up, and all sagas end, for every outcome of', () => {
  it.each([
    ['an order and its cancellation', () => cancel(place(newShop())), 1],
    ['an order and a cheaper revision', () => revise(place(newShop()), 1, 1), 1],
    ['an order and a dearer revision', () => revise(place(newShop()), 1, 4), 1],
    ['a cheaper revision and a cancellation', () => cancel(revise(three(), 1, 1)), 1],
    ['a dearer revision and a cancellation', () => cancel(revise(three(), 1, 4)), 1],
    ['a cheaper and a dearer revision', () => revise(revise(three(), 1, 1), 2, 4), 1],
    ['two cancellations', () => cancel(cancel(three()), 'second cancellation'), 1],
    ['an order, a revision and a cancellation', () => cancel(revise(place(newShop()), 1, 1)), 0],
    ['an order of ten, revisions to one and to eleven', () => revise(revise(place(newShop(), 10), 1, 1), 2, 11), 0],
  ])('%s', (_what, shop, disturbances) => {
    const { states } = expectKept(shop(), disturbances + more);
    expect(states).toBeGreaterThan(15);
  });
});

type Step = SagaDefinition['stages'][number]['steps'][number];

/** The definition with this step moved into the stage of another one, so that both run in parallel. */
function beside<Input extends object>(
  definition: SagaDefinition<Input>,
  name: string,
  other: string,
): SagaDefinition<Input> {
  const moved = definition.stages.flatMap(({ steps }) => steps).find((step) => step.name === name) as Step;
  const stages = definition.stages
    .map(({ steps }) => ({ steps: steps.filter((step) => step !== moved) }))
    .filter(({ steps }) => steps.length > 0)
    .map(({ steps }) => ({ steps: steps.some((step) => step.name === other) ? [...steps, moved] : steps }));
  return { ...definition, stages };
}

/** The revision with a wait that checks only whether the customer agrees. */
const trusting: typeof reviseOrderSaga = {
  ...reviseOrderSaga,
  stages: reviseOrderSaga.stages.map(({ steps }) => ({
    steps: steps.map((step) =>
      step.wait
        ? {
            ...step,
            wait: {
              ...step.wait,
              refusal: ({ signal }: { signal: { accepted: boolean } }) => (signal.accepted ? undefined : 'no'),
            },
          }
        : step,
    ),
  })),
};

describe('the exploration finds that', () => {
  const report = (shop: Shop, disturbances = 0): string => shop.start({ disturbances }).story ?? 'nothing';

  it('version 1 of revise-order releases the order at its pivot, before the refund', () => {
    expect(report(revise(three(), 1, 1, reviseOrderSaga1))).toContain('an approved order is paid');
  });

  it('a cancellation in between leaves a refund of version 1 that can never be made', () => {
    const found = report(cancel(revise(promiseWhenSettled(shopWithOrderOf(3)), 1, 1, reviseOrderSaga1)));
    expect(found).toContain('not all of them can end from here');
    expect(found).toContain('cancellation: payment.refund is done');
    expect(found).toContain('returned INVOKED, refund INVOKED');
  });

  it('the order is released in parallel with the refund', () => {
    const early = beside(reviseOrderSaga, 'order', 'refund');
    expect(report(cancel(revise(three(), 1, 1, early)))).toContain('an approved order is paid');
  });

  it('a consent without a price pays a price that was never agreed to', () => {
    const agree = (shop: World): ReturnType<ReturnType<typeof answering>> => {
      const revision = revisionIn(shop, revisionIdOf(2));
      if (revision === undefined) return undefined;
      const payload = { accepted: true, revisionId: revision.revisionId, differenceCents: revision.estimatedCents };
      return { world: withAnswer(shop, payload), payload };
    };
    const requested = place(newShop(), 10)
      .request('revision 1 to 1', reviseOrderSaga, revising(1, 1))
      .request('revision 2 to 11', trusting, revising(2, 11))
      .response('agrees', 'revision 2 to 11', customerConsent, agree);
    expect(report(requested)).toContain('"customers pay only prices that they agreed to" does not hold');
  });

  it('a cancellation refunds without holding the order', () => {
    const unlocked = three().request('cancellation', cancelOrderSaga, (shop) => {
      const taken = cancelling(shop);
      return taken && { ...taken, world: shop };
    });
    expect(report(unlocked)).toContain('an approved order is paid');
  });

  it('a revision takes an order that another saga holds', () => {
    const begun = ({ order, revisions }: World, { revisionId }: BeginRevision): RevisionBegun => {
      const found = revisions.find((each) => each.revisionId === revisionId);
      return beginning({ ...(order as NonNullable<typeof order>), status: 'APPROVED' }, found) as RevisionBegun;
    };
    const greedy = revise(three(), 1, 1).on(beginRevision, {
      reply: begun,
      effect: (shop, command) => {
        const { differenceCents } = begun(shop, command);
        return withStatus(withRevision(shop, command.revisionId, { status: 'BEGUN', differenceCents }), 'REVISING');
      },
    });
    expect(report(cancel(greedy))).toContain('revision 1 to 1: order.begin-revision is done');
  });

  it('the refund of a revision is not paid', () => {
    const lost = revise(three(), 1, 1).on(reversePayment, { effect: (shop) => shop });
    expect(report(lost)).toContain('an approved order is paid');
  });

  it('an order stays held when the revision is not finished', () => {
    const held = revise(three(), 1, 1).on(finishRevision, { effect: (shop) => shop });
    expect(report(held)).toContain('"no saga holds the order, and each revision is settled" does not hold');
  });
});
