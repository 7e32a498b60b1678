/* Two sagas for one seat: a booking that takes it for a passenger, and an upgrade that frees it. */
import 'reflect-metadata';
import { IsBoolean, IsInt, IsString } from 'class-validator';
import { defineCommand, defineSignal, defineStart, refuse } from '../../../contract';
import { defineSaga, type SagaDefinition } from '../../../definition';
import { exploreTogether, type TogetherExplorer } from './explore-together';

class OfSeat {
  @IsString() seat!: string;
}
class Price {
  @IsInt() cents!: number;
}
class Answer {
  @IsBoolean() accepted!: boolean;
  @IsInt() cents!: number;
}

const quote = defineCommand('seats.quote', { payload: OfSeat, reply: Price });
const unquote = defineCommand('seats.unquote', { payload: OfSeat });
const move = defineCommand('seats.move', { payload: OfSeat });
const pay = defineCommand('money.pay', { payload: Price });
const free = defineCommand('seats.free', { payload: OfSeat });
const answered = defineSignal('answered', { payload: Answer });
const upgradeStart = defineStart('upgrade', { input: OfSeat, subject: ({ seat }) => seat });
const discountStart = defineStart('discount', { input: OfSeat, subject: ({ seat }) => seat });

const ofSeat = ({ input }: { input: OfSeat }): OfSeat => ({ seat: input.seat });

/** Reads the present price, waits for consent, moves the passenger, takes the money, and frees the seat. */
const upgrade = defineSaga({ ...upgradeStart, version: 1 })
  .compensatable('quote', { invoke: quote, payload: ofSeat, compensation: { invoke: unquote, payload: ofSeat } })
  .wait('answer', {
    signal: answered,
    timeout: '1h',
    otherwise: () => ({ accepted: false, cents: 0 }),
    refusal: ({ signal, quote: { cents } }) => (signal.accepted && signal.cents === cents ? undefined : 'declined'),
  })
  .pivot('move', { invoke: move, payload: ofSeat })
  .retriable('payment', { invoke: pay, payload: ({ quote: { cents } }) => ({ cents }) })
  .retriable('release', { invoke: free, payload: ofSeat })
  .build();

/** The same saga, but its lock is released before the money is taken. */
const hasty: SagaDefinition<OfSeat> = {
  ...upgrade,
  stages: [...upgrade.stages.slice(0, 3), ...upgrade.stages.slice(3).toReversed()],
};

const lower = defineCommand('seats.lower', { payload: OfSeat });
/** Its request locks the seat. */
const discount = defineSaga({ ...discountStart, version: 1 })
  .compensation('request', { invoke: free, payload: ofSeat })
  .pivot('lower', { invoke: lower, payload: ofSeat })
  .retriable('release', { invoke: free, payload: ofSeat })
  .build();

interface Cabin {
  readonly held: boolean;
  readonly price: number;
  readonly due: number;
  readonly moved: boolean;
}

const cabin: Cabin = { held: false, price: 100, due: 0, moved: false };
const input = { seat: '7A' };

function cabinOf(definition: SagaDefinition<OfSeat> = upgrade, initial = cabin): TogetherExplorer<Cabin> {
  return exploreTogether()
    .world(initial)
    .on(quote, {
      reply: ({ price }) => ({ cents: price }),
      effect: (world) => {
        if (world.held) throw new Error('another saga holds the seat');
        return { ...world, held: true, due: world.price };
      },
    })
    .on(unquote, { effect: (world) => ({ ...world, held: false, due: 0 }) })
    .on(move, { effect: (world) => ({ ...world, moved: true }) })
    .on(lower, { effect: (world) => ({ ...world, price: world.price / 2, due: world.due / 2 }) })
    .on(pay, {
      effect: (world, { cents }) => {
        if (cents > world.due) throw new Error(`${cents} are to be paid, and ${world.due} are due`);
        return { ...world, due: world.due - cents };
      },
    })
    .on(free, { effect: (world) => ({ ...world, held: false }) })
    .request('the upgrade', definition, (world) => ({ world, input }))
    .response('agrees', 'the upgrade', answered, (world) =>
      world.due > 0 ? { world, payload: { accepted: true, cents: world.due } } : undefined,
    )
    .request('the discount', discount, (world) => (world.held ? undefined : { world: { ...world, held: true }, input }))
    .always('a free seat owes nothing', ({ held, due }) => held || due === 0)
    .whenAllEnded('the seat is free', ({ held }) => !held);
}

const quiet = { progress: () => {} };

describe('an exploration of two sagas', () => {
  it('finds nothing wrong when the lock is held until the end, with one disturbance and with two', () => {
    for (const disturbances of [1, 2])
      cabinOf()
        .start({ disturbances, ...quiet })
        .expectNoBrokenPromise({ disturbances });
  });

  it('finds a lock that is released before the money is taken, and names the sagas in the history', () => {
    const { story } = cabinOf(hasty).start(quiet);
    expect(story?.split('\n')).toEqual([
      'the upgrade and the discount break a promise: "a free seat owes nothing" does not hold.',
      '       0 s  the upgrade: the saga starts → seats.quote',
      '       0 s  the upgrade: seats.quote is done',
      '       0 s  the upgrade: the success of seats.quote arrives',
      '       0 s  the upgrade: the signal answered arrives: {"accepted":true,"cents":100} → seats.move',
      '       0 s  the upgrade: seats.move is done',
      '       0 s  the upgrade: the success of seats.move arrives → seats.free',
      '       0 s  the upgrade: seats.free is done',
      '       0 s  the upgrade: the success of seats.free arrives → money.pay',
      'the upgrade: The saga is RUNNING; quote DONE, answer DONE, move DONE, release DONE, payment INVOKED.',
      'The world: {"held":false,"price":100,"due":100,"moved":true}',
    ]);
  });

  it('finds that a saga can never end because another interfered', () => {
    const explorer = exploreTogether()
      .world({ left: 1 })
      .on(move, { effect: (world) => world })
      .on(free, {
        effect: ({ left }) => {
          if (left === 0) throw new Error('nothing is left');
          return { left: left - 1 };
        },
      })
      .on(lower, { effect: (world) => world });
    const twice = explorer
      .request('the first', discount, (world) => ({ world, input }))
      .request('the second', discount, (world) => ({ world, input }));
    const { story } = twice.start({ disturbances: 0, ...quiet });
    expect(story).toContain('not all of them can end from here');
  });

  it('finds an initial world that breaks a promise', () => {
    const { story } = cabinOf(upgrade, { ...cabin, due: 1 }).start(quiet);
    expect(story).toContain('"a free seat owes nothing" does not hold');
  });

  it('returns the same result in every run, walks included', () => {
    const explored = (): object => cabinOf().start({ disturbances: 0, walks: 50, seed: 7, ...quiet });
    expect(explored()).toEqual(explored());
  });

  it('samples histories with more disturbances by walks, and reports the covered share', () => {
    const bounded = cabinOf().start({ disturbances: 0, ...quiet });
    const walked = cabinOf().start({ disturbances: 0, walks: 200, ...quiet });
    expect(bounded).toMatchObject({ complete: false, disturbances: 0, walks: 0 });
    expect(walked.walks).toBe(200);
    expect(walked.covered).toBeGreaterThan(bounded.covered);
    expect(() => walked.expectNoBrokenPromise()).toThrow(/but there are more/);
    expect(() => walked.expectNoBrokenPromise({ disturbances: 1 })).toThrow(/but there are more/);
  });

  it('finds a history with more disturbances than the search allows by a walk', () => {
    const wrong = cabinOf().always('nobody declines', () => true);
    const { story } = wrong.on(unquote, { effect: (world) => world }).start({ disturbances: 0, walks: 500, ...quiet });
    expect(story).toContain('"the seat is free" does not hold');
  });

  it('stops at the limit of states, and reports how many disturbances were explored', () => {
    const { complete, disturbances, states } = cabinOf().start({ disturbances: 5, maxStates: 100, ...quiet });
    expect({ complete, states }).toEqual({ complete: false, states: 100 });
    expect(disturbances).toBeLessThan(5);
  });

  it.each([
    [
      'a command without a reply',
      () =>
        exploreTogether()
          .request('it', upgrade, () => undefined)
          .start(),
      'seats.quote',
    ],
    [
      'a response to no request',
      () => exploreTogether().response('yes', 'nothing', answered, () => undefined),
      'There is no request "nothing"',
    ],
    [
      'a reply that breaks its contract',
      () =>
        cabinOf()
          .on(quote, { reply: () => ({ cents: 0.5 }) })
          .start(quiet),
      'cents',
    ],
    [
      'an input that breaks its contract',
      () =>
        exploreTogether()
          .request('it', discount, (world) => ({ world, input: {} as OfSeat }))
          .start(quiet),
      'seat',
    ],
  ])('refuses %s', (_what, make, problem) => {
    expect(make).toThrow(problem);
  });

  it('lets a participant refuse', () => {
    const refusing = defineCommand('seats.try', { payload: OfSeat, refusals: ['taken'] });
    const saga = defineSaga({ ...discountStart, version: 1 })
      .pivot('try', { invoke: refusing, payload: ofSeat })
      .build();
    exploreTogether()
      .world({ taken: false })
      .on(refusing, { effect: ({ taken }) => (taken ? refuse('taken') : { taken: true }) })
      .request('the first', saga, (world) => ({ world, input }))
      .request('the second', saga, (world) => ({ world, input }))
      .start(quiet)
      .expectNoBrokenPromise({ disturbances: 1 });
  });
});
