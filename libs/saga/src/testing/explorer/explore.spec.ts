import { refuse } from '../../contract';
import type { SagaDefinition, StepDefinition } from '../../definition';
import {
  anOrder,
  authorized,
  authorizePayment,
  commitStock,
  placeOrder,
  releaseStock,
  reserved,
  reserveStock,
  voidPayment,
  type Order,
} from '../../../test/sample-saga';
import type { Exploration } from './exploration';
import { explore, type Explorer } from './explore';
import type { ExplorationProgress } from './progress';

interface Shop {
  readonly reserved: number;
  readonly held: number;
}

function shopOf(definition: SagaDefinition<Order>): Explorer<Order, Shop> {
  return explore(definition)
    .world<Shop>({ reserved: 0, held: 0 })
    .on(reserveStock, { reply: reserved, effect: (shop) => ({ ...shop, reserved: shop.reserved + 1 }) })
    .on(releaseStock, { effect: (shop) => ({ ...shop, reserved: 0 }) })
    .on(authorizePayment, { reply: authorized, effect: (shop) => ({ ...shop, held: shop.held + 1 }) })
    .on(voidPayment, { effect: (shop) => ({ ...shop, held: 0 }) })
    .always('nothing is done twice', (shop) => shop.reserved <= 1 && shop.held <= 1)
    .whenCompleted('all is done', (shop) => shop.reserved === 1 && shop.held === 1)
    .whenCompensated('nothing is left', (shop) => shop.reserved === 0 && shop.held === 0);
}

/** The sample saga with another compensation of the payment. */
function compensatedBy(other: Partial<NonNullable<StepDefinition['compensation']>>): SagaDefinition<Order> {
  const change = (step: StepDefinition): StepDefinition =>
    step.name === 'payment' && step.compensation ? { ...step, compensation: { ...step.compensation, ...other } } : step;
  return { ...placeOrder, stages: placeOrder.stages.map(({ steps }) => ({ steps: steps.map(change) })) };
}

const storyOf = ({ story = '' }: Exploration): readonly string[] => story.split('\n');

describe('an exploration', () => {
  it('explores every state of a saga that keeps its promises, and finds nothing wrong', () => {
    const { states, histories, complete } = shopOf(placeOrder).start(anOrder()).expectNoBrokenPromise();
    expect({ complete, thousandsOfStates: states > 1_000, billionsOfHistories: histories > 1e9 }).toEqual({
      complete: true,
      thousandsOfStates: true,
      billionsOfHistories: true,
    });
  });

  it('returns the same result in every run', () => {
    const explored = (): Exploration => shopOf(placeOrder).start(anOrder(), { tries: 1 });
    expect(explored()).toEqual(explored());
  });

  it('reports the shortest history with a compensation of something else', () => {
    const wrong = compensatedBy({ command: releaseStock });
    expect(storyOf(shopOf(wrong).start(anOrder()))).toEqual([
      'place-order breaks a promise: "nothing is left" does not hold. The shortest way there:',
      '       0 s  the saga starts → inventory.reserve-stock, payment.authorize',
      '       0 s  inventory.reserve-stock is refused: out-of-stock',
      '       0 s  the refusal of inventory.reserve-stock arrives',
      '       0 s  payment.authorize is done',
      '       0 s  the success of payment.authorize arrives → inventory.release-stock',
      '       0 s  inventory.release-stock is done',
      '       0 s  the success of inventory.release-stock arrives → order.reject',
      '       0 s  order.reject is done',
      '       0 s  the success of order.reject arrives',
      'The saga is COMPENSATED; order COMPENSATED, stock REFUSED, payment COMPENSATED, capture SKIPPED, confirm SKIPPED, commit SKIPPED.',
      'The world: {"reserved":0,"held":1}',
    ]);
  });

  it('finds a compensation that relies on a reply that may never arrive', () => {
    const payload = ({ reply }: { reply: { authorizationId: string } }): Order => ({ orderId: reply.authorizationId });
    const [broken, ...lines] = storyOf(shopOf(compensatedBy({ payload })).start(anOrder(), { tries: 1 }));
    expect(broken).toContain('it can never end from here');
    expect(lines.slice(0, 2)).toEqual([
      '       0 s  the saga starts → inventory.reserve-stock, payment.authorize',
      '       5 s  time passes → inventory.release-stock',
    ]);
    expect(lines.at(2)).toContain('invalid-payload: The payload mapper of payment.void threw');
  });

  it('finds a retriable that cannot succeed', () => {
    const sold = shopOf(placeOrder).on(commitStock, {
      effect: () => {
        throw new Error('nothing is reserved');
      },
    });
    expect(sold.start(anOrder(), { tries: 1 }).story).toContain('it can never end from here');
  });

  it('finds a promise that does not hold on the way', () => {
    const { story } = shopOf(placeOrder)
      .always('the card is never held', ({ held }) => held === 0)
      .start(anOrder());
    expect(story?.split('\n').at(-3)).toBe('       0 s  payment.authorize is done');
  });

  it('treats a refusal by an effect as a refusal by the participant', () => {
    const soldOut = shopOf(placeOrder)
      .on(reserveStock, { reply: reserved, effect: () => refuse('out-of-stock') })
      .whenCompleted('it never comes to that', () => false);
    expect(soldOut.start(anOrder(), { tries: 1 }).expectNoBrokenPromise().complete).toBe(true);
  });

  it('tries every example of a reply', () => {
    const { story } = explore(placeOrder)
      .world('no authorization')
      .on(reserveStock, { reply: reserved })
      .on(authorizePayment, { reply: [authorized, { authorizationId: 'a-2' }] })
      .on(voidPayment, { effect: (_world, { seen }) => seen ?? 'never seen' })
      .always('the second is not voided', (seen) => seen !== 'a-2')
      .start(anOrder(), { tries: 1 });
    expect(story?.split('\n').at(-1)).toBe('The world: "a-2"');
  });

  it('does not let an effect change the world that it was given', () => {
    const { story } = explore(placeOrder)
      .world({ reserved: 0 })
      .on(reserveStock, { reply: reserved, effect: (world) => Object.assign(world, { reserved: 1 }) })
      .on(authorizePayment, { reply: authorized })
      .whenCompleted('it never comes to that', () => false)
      .start(anOrder(), { tries: 1 });
    expect(story).toBeUndefined();
  });

  it('reports that it stopped before every state was explored', () => {
    const exploration = shopOf(placeOrder).start(anOrder(), { maxStates: 100, walks: 20 });
    expect(exploration).toMatchObject({ complete: false, states: 100, walks: 20 });
    expect(() => exploration.expectNoBrokenPromise()).toThrow(
      'No promise was broken in 100 states, but there are more',
    );
  });

  it('samples beyond its bound, repeatably by seed, and reports the covered share', () => {
    const sampled = (seed: number): Exploration =>
      shopOf(placeOrder).start(anOrder(), { maxStates: 400, walks: 300, seed });
    const exploration = sampled(1);
    expect(exploration).toEqual(sampled(1));
    expect(exploration.covered).toBeGreaterThan(0.9);
    expect(exploration.disturbances).toBeGreaterThanOrEqual(1);
    exploration.expectNoBrokenPromise({ covered: 0.9 });
    expect(() => exploration.expectNoBrokenPromise({ covered: 0.9999 })).toThrow(
      "of a step's state and an event were tried",
    );
  });

  it('finds a mistake beyond its bound by random walks', () => {
    const { story } = shopOf(placeOrder)
      .whenCompleted('it never comes to that', () => false)
      .start(anOrder(), { maxStates: 6, walks: 2_000 });
    expect(story).toContain(
      'place-order breaks a promise: "it never comes to that" does not hold. A way there, found at random:',
    );
  });

  it('reports its progress every thousand states and every hundred walks', () => {
    const notified: ExplorationProgress[] = [];
    const options = {
      maxStates: 1_200,
      walks: 200,
      progress: (progress: ExplorationProgress) => notified.push(progress),
    };
    shopOf(placeOrder).start(anOrder(), options);
    expect(notified.map(({ phase, walks }) => `${phase} ${walks}`)).toEqual([
      'disturbances 0',
      'walks 100',
      'walks 200',
    ]);
  });

  it('requires an example of every reply', () => {
    expect(() => explore(placeOrder).start(anOrder())).toThrow('What does inventory.reserve-stock reply?');
  });

  it('rejects an example that breaks its contract', () => {
    const wrong = { reservationId: 1 as unknown as string };
    expect(() => explore(placeOrder).on(reserveStock, { reply: wrong })).toThrow(
      'The reply to inventory.reserve-stock is not valid: reservationId must be string.',
    );
  });

  it('rejects an invalid input', () => {
    expect(() => explore(placeOrder).start({} as Order)).toThrow('The input of place-order is not valid');
  });
});
