import type { Duration } from '../contract';
import {
  anOrder,
  confirmOrder,
  Order,
  placeOrder,
  rejectOrder,
  releaseStock,
  reserveStock,
} from '../../test/sample-saga';
import { stepNamed } from './branches';
import { defineSaga, type BeforePivot } from './builder';
import { stepsOf, type SagaDefinition } from './definition';
import { DefinitionRegistry } from './registry';
import type { RetryOptions } from './step-options';

const payload = ({ input }: { input: Order }): Order => ({ orderId: input.orderId });
const confirming = { invoke: confirmOrder, payload };
const reserving = { invoke: reserveStock, payload, compensation: { invoke: releaseStock, payload } };

// The compiler rejects most of what is tested here; plain JavaScript programs do not use it.
type Untyped = BeforePivot<Order, object, never>;
const saga = (name = 'buy', version = 1, deadline?: Duration): Untyped =>
  defineSaga({ name, version, input: Order, ...(deadline ? { deadline } : {}) });

describe('a definition', () => {
  it('consists of plain data: stages of steps', () => {
    expect(placeOrder.stages.map(({ steps }) => steps.map(({ name, kind }) => [name, kind]))).toEqual([
      [['order', 'compensation']],
      [
        ['stock', 'compensatable'],
        ['payment', 'compensatable'],
      ],
      [['capture', 'pivot']],
      [['confirm', 'retriable']],
      [['commit', 'retriable']],
    ]);
  });

  it('is deeply frozen', () => {
    const [stage] = placeOrder.stages.slice(1);
    const parts = [placeOrder, placeOrder.stages, stage, stage?.steps[0], stage?.steps[0]?.action?.backoff];
    expect(parts.filter((part) => !Object.isFrozen(part))).toEqual([]);
  });

  it('holds durations in milliseconds', () => {
    expect(placeOrder.deadlineMs).toBe(900_000);
  });

  it('has the documented defaults for timeout, retries and attention', () => {
    const [stage] = saga().retriable('confirm', confirming).build().stages;
    expect(stage?.steps[0]?.action).toMatchObject({
      timeoutMs: 5_000,
      attempts: 5,
      backoff: { firstMs: 200, factor: 2, capMs: 10_000 },
      attentionAfter: 20,
    });
  });

  it('has defaults of its own for the commands of all steps, which each step may override', () => {
    const defaults = { timeout: '9s', retry: { attempts: 7, attentionAfter: 3 } } as const;
    const [first, second] = defineSaga({ name: 'buy', version: 1, input: Order, defaults })
      .compensatable('stock', reserving)
      .retriable('confirm', { ...confirming, timeout: '1s', retry: { attempts: 2 } })
      .build().stages;
    const [stock, confirm] = [first?.steps[0], second?.steps[0]];
    expect(stock?.action).toMatchObject({ timeoutMs: 9_000, attempts: 7, attentionAfter: 3 });
    expect(stock?.compensation).toMatchObject({ timeoutMs: 9_000, attempts: 7, attentionAfter: 3 });
    expect(confirm?.action).toMatchObject({ timeoutMs: 1_000, attempts: 2, attentionAfter: 3 });
  });

  it('maps payloads with the given function', () => {
    const [stage] = saga().retriable('confirm', confirming).build().stages;
    expect(stage?.steps[0]?.action?.payload({ input: anOrder() } as never)).toEqual(anOrder());
  });
});

describe('building a definition', () => {
  it.each<[string, () => unknown, string]>([
    [
      'for a name with a space',
      () => saga('buy now').retriable('a', confirming).build(),
      '"buy now" is not a saga name',
    ],
    ['for version 0', () => saga('buy', 0).retriable('a', confirming).build(), 'The version of buy must be 1 or more.'],
    ['for version 1.5', () => saga('buy', 1.5).retriable('a', confirming).build(), 'The version of buy must be 1'],
    ['for a step name with a dot', () => saga().retriable('a.b', confirming), '"a.b" in buy is not a step name'],
    ['without steps', () => saga().build(), 'buy has no step that does anything.'],
    [
      'with compensations alone',
      () => saga().compensation('order', { invoke: rejectOrder, payload }).build(),
      'buy has no step that does anything.',
    ],
    [
      'for a step name used twice',
      () =>
        saga()
          .retriable('a', confirming)
          .retriable('a' as never, confirming)
          .build(),
      'buy defines the step a twice.',
    ],
    [
      'for a parallel stage without branches',
      () => saga().parallel(() => ({})),
      'buy has a parallel stage without branches.',
    ],
    ['for a deadline of zero', () => saga('buy', 1, '0s').retriable('a', confirming).build(), '"0s" is not a duration'],
    ['for a timeout of zero', () => saga().retriable('a', { ...confirming, timeout: '0s' }), '"0s" is not a duration'],
    [
      'for a compensation after a step with an action',
      () => saga().compensatable('stock', reserving).compensation('order', { invoke: rejectOrder, payload }),
      'The compensation order of buy must come before the steps that act.',
    ],
  ])('fails %s', (_name, build, problem) => {
    expect(build).toThrow(problem);
  });

  it.each<RetryOptions>([{ attempts: 0 }, { attempts: 1.5 }, { attentionAfter: 0 }])(
    'fails for a retry policy of %j',
    (retry) => {
      expect(() => saga().retriable('a', { ...confirming, retry })).toThrow('of order.confirm must be 1 or more.');
    },
  );

  it('fails for an input without rules', () => {
    class Bare {}
    const build = () =>
      defineSaga({ name: 'buy', version: 1, input: Bare })
        .retriable('a', { invoke: confirmOrder, payload: anOrder })
        .build();
    expect(build).toThrow('Bare has no class-validator rules');
  });
});

describe('a child saga', () => {
  const reversible = defineSaga({ name: 'ship', version: 1, input: Order }).compensatable('stock', reserving).build();
  const final = defineSaga({ name: 'tell', version: 1, input: Order }).retriable('confirm', confirming).build();
  const child = (definition: SagaDefinition): never => ({ saga: definition, input: payload }) as never;

  it('is compensatable before the pivot and retriable after it', () => {
    const parent = saga().child('before', child(reversible)).pivot('pivot', confirming).child('behind', child(final));
    expect(stepsOf(parent.build()).map(({ name, kind }) => [name, kind])).toEqual([
      ['before', 'compensatable'],
      ['pivot', 'pivot'],
      ['behind', 'retriable'],
    ]);
  });

  it('is rejected before the pivot when it cannot be compensated', () => {
    expect(() => saga().child('before', child(final))).toThrow(
      /tell cannot be compensated after its retriable confirm/,
    );
  });

  it('is rejected after the pivot when it may compensate', () => {
    expect(() => saga().pivot('pivot', confirming).child('behind', child(reversible))).toThrow(
      /ship may be compensated at its step stock/,
    );
  });

  it('is rejected when it is not registered with its parent', () => {
    const parent = saga().child('before', child(reversible)).build();
    expect(() => new DefinitionRegistry([parent])).toThrow(/buy v1 starts ship v1, which is not registered/);
    expect(new DefinitionRegistry([parent, reversible]).all()).toHaveLength(2);
  });
});

describe('a forEach stage', () => {
  it('rejects a concurrency below 1', () => {
    const each = (concurrency: number): unknown =>
      saga().forEach(
        'each',
        () => [],
        (branch) => branch.compensatable(reserving),
        { concurrency },
      );
    expect(() => each(0)).toThrow(/concurrency of each in buy must be 1 or more/);
  });

  it('creates its branches once, named by the index of their items', () => {
    const definition = saga()
      .forEach(
        'each',
        () => [],
        (branch) => branch.compensatable(reserving),
      )
      .build();
    expect(stepNamed(definition, 'each[1]')).toMatchObject({ name: 'each[1]', branch: { index: 1 } });
    expect(stepNamed(definition, 'each[1]')).toBe(stepNamed(definition, 'each[1]'));
    for (const name of ['each', 'each[200]', 'each[-1]', 'each[x]', 'other[0]', '[0]'])
      expect(stepNamed(definition, name)).toBeUndefined();
  });
});
