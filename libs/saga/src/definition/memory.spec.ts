import { IsBoolean } from 'class-validator';
import { defineSignal, type Duration } from '../contract';
import { Order, releaseStock, reserveStock, commitStock } from '../../test/sample-saga';
import { defineSaga } from './builder';
import type { SagaDefinition } from './definition';
import { outlivesMemory, rememberedMs } from './memory';

class Answer {
  @IsBoolean() yes!: boolean;
}
const answer = defineSignal('answer', { payload: Answer });
const orderOf = ({ input }: { input: Order }): Order => ({ orderId: input.orderId });
const stock = { invoke: reserveStock, payload: orderOf, compensation: { invoke: releaseStock, payload: orderOf } };
const commit = { invoke: commitStock, payload: orderOf };

/** A saga of stock → answer → another answer → commit, with the longest wait for each. */
function waiting(first: Duration, second: Duration, deadline?: Duration): SagaDefinition {
  return defineSaga({ name: 'ask', version: 2, input: Order, ...(deadline ? { deadline } : {}) })
    .compensatable('stock', stock)
    .wait('answer', { signal: answer, timeout: first })
    .wait('again', { signal: defineSignal('again', { payload: Answer }), timeout: second })
    .pivot('commit', commit)
    .build();
}

const WEEK = rememberedMs(8);

describe('a saga that may wait for longer than its participants remember', () => {
  it('is reported with the step, its participant and the remedy', () => {
    expect(outlivesMemory(waiting('5d', '3d'), WEEK)).toBe(
      'ask v2 may wait for 8d and then compensate its step stock, which inventory may have forgotten after 7d. Set inboxDays of ' +
        'all participants and participantInboxDays of the orchestrator to more, or give the saga a deadline.',
    );
  });

  it.each([
    ['waits for less in total', waiting('5d', '2d'), WEEK],
    ['has participants that remember more', waiting('5d', '3d'), rememberedMs(10)],
    ['is compensated at an earlier deadline', waiting('5d', '3d', '6d'), WEEK],
    [
      'waits before it does anything',
      defineSaga({ name: 'ask', version: 2, input: Order })
        .wait('answer', { signal: answer, timeout: '30d' })
        .compensatable('stock', stock)
        .build(),
      WEEK,
    ],
    [
      'waits after its pivot',
      defineSaga({ name: 'ask', version: 2, input: Order })
        .compensatable('stock', stock)
        .pivot('commit', commit)
        .build(),
      WEEK,
    ],
  ])('is not reported when it %s', (_what, definition, memoryMs) => {
    expect(outlivesMemory(definition, memoryMs)).toBeUndefined();
  });
});
