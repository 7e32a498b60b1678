import { IsInt, IsString } from 'class-validator';
import { defineCommand } from '../contract';
import { defineSaga } from '../definition';
import { sagaTest, type SagaTest } from '../testing/saga-test';
import { atCompensation, atFirstStage, atPivot, atRetriable } from '../../test/sample-progress';
import {
  anOrder,
  authorized,
  authorizePayment,
  capturePayment,
  commitStock,
  confirmOrder,
  Order,
  placeOrder,
  rejectOrder,
  releaseStock,
  reserved,
  reserveStock,
  voidPayment,
} from '../../test/sample-saga';
import type { AnswerEvent, HaltedEvent, SagaEvent } from './event';
import { halt, type StartedEvent } from './halt';
import { transition } from './transition';

/** Repeats the test's last reply, refusal or failure. */
const lastAnswer = ({ history }: SagaTest): SagaEvent => history.at(-1)?.event as AnswerEvent;

const success = (saga: SagaTest, part: Partial<AnswerEvent> = {}): SagaEvent => {
  const { commandId, step, direction, command } = saga.awaited(reserveStock);
  return {
    kind: 'replied',
    commandId,
    step,
    direction,
    from: command.service,
    reply: reserved,
    ...part,
  } as AnswerEvent;
};

it('a saga takes a note without any change, even after its end', () => {
  const noted: SagaEvent = { kind: 'noted', note: { kind: 'reply-lost', command: 'payment.capture' } };
  for (const saga of [atFirstStage(), atPivot(), atCompensation(), atRetriable()]) {
    const before = saga.state;
    expect(saga.deliver(noted)).toEqual({ state: before, sends: [] });
  }
});

describe('an answer to a saga', () => {
  it.each<[string, Partial<AnswerEvent>, string]>([
    ['names another command (rule 1)', { commandId: '019b76da-a800-7fff-8000-00005a6a7e57' }, 'not-awaited'],
    ['names the other direction (rule 1)', { direction: 'compensation' }, 'not-awaited'],
    ['names a step that has not begun (rule 1)', { step: 'capture' }, 'not-awaited'],
    ['names an unknown step', { step: 'moon' }, 'unknown-step'],
    ['comes from another participant', { from: 'payment' }, 'foreign-reply'],
  ])('is ignored when it %s', (_name, part, why) => {
    const saga = atFirstStage();
    expect(saga.deliver(success(saga, part)).ignored).toBe(why);
  });

  it('changes nothing when it is ignored (rule 2)', () => {
    const saga = atFirstStage();
    const before = saga.state;
    expect(saga.deliver(success(saga, { from: 'payment' }))).toEqual({
      state: before,
      sends: [],
      ignored: 'foreign-reply',
    });
  });

  it.each<[string, () => SagaTest]>([
    ['a success', () => atFirstStage().reply(reserveStock, reserved)],
    ['a refusal', () => atFirstStage().refuse(reserveStock, 'out-of-stock')],
    ['a failure', () => atFirstStage().fail(reserveStock, 'deadlock')],
    ['the success of a compensation', () => atCompensation().reply(releaseStock)],
  ])('is ignored when it duplicates %s (rule 2)', (_name, answered) => {
    const saga = answered();
    expect(saga.deliver(lastAnswer(saga)).ignored).toBe('not-awaited');
  });

  it('is ignored when it duplicates a refusal that paused the saga (rule 2)', () => {
    const saga = atRetriable();
    const { commandId } = saga.awaited(confirmOrder);
    const refused: AnswerEvent = {
      kind: 'refused',
      commandId,
      step: 'confirm',
      direction: 'action',
      from: 'order',
      objection: { reason: 'odd' },
    };
    saga.deliver(refused);
    expect(saga.deliver(refused).ignored).toBe('not-awaited');
  });

  it('is ignored when it comes late for an earlier attempt (rule 1)', () => {
    const saga = atFirstStage();
    const late = success(saga);
    expect(saga.fail(reserveStock, 'deadlock').passTime('2s').deliver(late).ignored).toBe('not-awaited');
  });

  it('is ignored when it comes late for an action that is being compensated (rule 1)', () => {
    const saga = atFirstStage().reply(authorizePayment, authorized);
    const late = success(saga);
    expect(saga.silence(reserveStock).deliver(late).ignored).toBe('not-awaited');
  });

  it('is ignored after the end of the saga (rule 2)', () => {
    const saga = atRetriable().reply(confirmOrder).reply(commitStock);
    expect(saga.deliver(lastAnswer(saga)).ignored).toBe('saga-ended');
  });
});

describe('an ended saga', () => {
  const completed = (): SagaTest => atRetriable().reply(confirmOrder).reply(commitStock);
  const compensated = (): SagaTest => atCompensation().reply(releaseStock).reply(rejectOrder);
  const operator = { by: 'ann', reason: 'why not' };

  it.each<[string, () => SagaTest, SagaEvent]>(
    [completed, compensated].flatMap((ended) =>
      (['pause', 'resume', 'retry', 'cancel'] as const).map((kind): [string, () => SagaTest, SagaEvent] => [
        `${kind} when ${ended().state.status}`,
        ended,
        { kind, ...operator },
      ]),
    ),
  )('ignores %s (rule 5)', (_name, ended, event) => {
    expect(ended().deliver(event).ignored).toBe('saga-ended');
  });

  it('is never woken (rule 5)', () => {
    expect(completed().state.wakeAt).toBeUndefined();
  });

  it('is not halted (rule 5)', () => {
    expect(completed().deliver({ kind: 'halted', because: 'engine-fault', detail: '' }).ignored).toBe('saga-ended');
  });
});

describe('the next wake-up (rule 6)', () => {
  it('is the earliest timeout', () => {
    const saga = atFirstStage();
    expect(saga.state.wakeAt).toBe(saga.now + 5_000);
  });

  it('is the deadline when that comes first', () => {
    const saga = atFirstStage().reply(reserveStock, reserved).passTime('1s');
    const { state } = saga;
    const nearDeadline = { ...state, deadlineAt: saga.now + 1 };
    expect(transition(placeOrder, nearDeadline, { kind: 'retry', by: 'ann', reason: '' }, saga.now).state.wakeAt).toBe(
      saga.now + 1,
    );
  });

  it('is absent while the saga is paused', () => {
    expect(atFirstStage().pause().state.wakeAt).toBeUndefined();
  });

  it('changes nothing when it comes too early', () => {
    expect(atFirstStage().deliver({ kind: 'time-passed' }).ignored).toBe('nothing-due');
  });

  it('does not retry a branch in backoff when both branches are overdue and the other was never answered', () => {
    const saga = atFirstStage().passTime('10s').fail(authorizePayment, 'deadlock');
    const { state } = transition(placeOrder, saga.state, { kind: 'time-passed' }, saga.now + 60_000);
    expect([state.steps['stock']?.status, state.steps['payment']?.status]).toEqual(['COMPENSATING', 'FAILED']);
  });
});

describe('cancelling a saga', () => {
  it('compensates what was done', () => {
    atFirstStage()
      .reply(reserveStock, reserved)
      .cancel()
      .refuse(authorizePayment, 'card-declined')
      .expectCommands(releaseStock);
  });

  it('lets commands in flight settle first (rule 3)', () => {
    atFirstStage().cancel().expectStatus('RUNNING');
  });

  it('is recorded as the cause', () => {
    expect(atFirstStage().cancel('no longer wanted').state.cause).toMatchObject({
      kind: 'cancelled',
      reason: 'no longer wanted',
    });
  });

  it('keeps what the operator wrote from the payloads of the compensations', () => {
    const reasons: unknown[] = [];
    const told = defineSaga({ name: 'told', version: 1, input: Order })
      .compensation('order', {
        invoke: rejectOrder,
        payload: ({ input, cause }) => {
          reasons.push(cause);
          return { orderId: input.orderId };
        },
      })
      .compensatable('stock', {
        invoke: reserveStock,
        payload: ({ input }) => ({ orderId: input.orderId }),
        compensation: { invoke: releaseStock, payload: ({ input }) => ({ orderId: input.orderId }) },
      })
      .build();
    const saga = sagaTest(told).start({ orderId: 'o-1' }).cancel('customer called').reply(reserveStock, reserved);
    saga.reply(releaseStock).reply(rejectOrder).expectStatus('COMPENSATED');
    expect(reasons).toEqual([{ kind: 'cancelled', reason: 'cancelled' }]);
    expect(saga.state.cause?.reason).toBe('customer called');
  });

  it.each([
    ['while the pivot may take effect', atPivot],
    ['when the pivot is done', atRetriable],
  ])('is refused %s (rule 7)', (_name, begin) => {
    expect(begin().deliver({ kind: 'cancel', by: 'ann', reason: '' }).ignored).toBe('past-the-pivot');
  });

  it('is ignored when the saga is already compensating', () => {
    expect(atCompensation().deliver({ kind: 'cancel', by: 'ann', reason: '' }).ignored).toBe('already-turning-back');
  });

  it('ends a pause', () => {
    atFirstStage().pause().cancel().expectStatus('RUNNING');
  });
});

describe('a pause by an operator', () => {
  it('still accepts answers', () => {
    atFirstStage().pause().reply(reserveStock, reserved).expectStep('stock', 'DONE').expectStatus('PAUSED');
  });

  it('starts no further stage', () => {
    const saga = atFirstStage().pause().reply(reserveStock, reserved).reply(authorizePayment, authorized);
    saga.expectCommands();
  });

  it('is not ended by an answer', () => {
    atRetriable().pause().reply(confirmOrder).expectStatus('PAUSED');
  });

  it('ends with resume, which continues where the answers led', () => {
    const saga = atFirstStage().pause().reply(reserveStock, reserved).reply(authorizePayment, authorized);
    saga.resume().expectCommands(capturePayment);
  });

  it('ends with resume, which resends unanswered commands', () => {
    expect(atRetriable().pause().resume().history.at(-1)?.sent).toMatchObject([{ step: 'confirm', again: true }]);
  });

  it('also stops a saga that is compensating', () => {
    atCompensation().pause().expectStatus('PAUSED').resume().expectStatus('COMPENSATING');
  });

  it('names the operator and the reason', () => {
    expect(atFirstStage().pause('stocktaking').state.pause).toMatchObject({
      reason: 'operator',
      detail: 'the test: stocktaking',
    });
  });

  it.each([
    ['pause', 'already-paused'],
    ['retry', 'already-paused'],
  ] as const)('makes the saga ignore a %s', (kind, why) => {
    expect(atFirstStage().pause().deliver({ kind, by: 'ann', reason: '' }).ignored).toBe(why);
  });
});

describe('a pause by the engine', () => {
  it.each([
    ['success of the pivot', capturePayment, atPivot, confirmOrder],
    ['success of a retriable step', confirmOrder, atRetriable, commitStock],
    ['success of a compensation', releaseStock, atCompensation, rejectOrder],
  ] as const)('ends with the late %s', (_name, contract, begin, next) => {
    begin().silence(contract).expectStatus('PAUSED').reply(contract).expectCommands(next);
  });

  it('is not ended by an answer to another step', () => {
    const saga = atPivot().refuse(capturePayment, 'expired').silence(releaseStock);
    saga.reply(voidPayment).expectStatus('PAUSED').expectStep('payment', 'COMPENSATED');
  });

  it('is not ended by an answer that violates the contract', () => {
    const saga = atPivot().silence(capturePayment);
    const { commandId, step, direction, command } = saga.awaited(capturePayment);
    saga.deliver({ kind: 'broken', commandId, step, direction, from: command.service, objection: { reason: 'odd' } });
    expect(saga.state.pause?.reason).toBe('pivot-unanswered');
  });

  it('ends with the late refusal of the pivot', () => {
    atPivot().silence(capturePayment).refuse(capturePayment, 'expired').expectStatus('COMPENSATING');
  });

  it('ends with the late failure of the pivot', () => {
    const saga = atPivot().silence(capturePayment).fail(capturePayment, 'deadlock').expectStatus('RUNNING');
    expect(saga.passTime('1s').awaited(capturePayment).attempt).toBe(2);
  });
});

describe('retrying a saga', () => {
  it('sends at once a command that waits for its backoff', () => {
    expect(atRetriable().fail(confirmOrder, 'deadlock').retry().awaited(confirmOrder).attempt).toBe(2);
  });

  it('resends a command that waits for an answer', () => {
    expect(atRetriable().retry().history.at(-1)?.sent).toMatchObject([{ step: 'confirm', attempt: 1, again: true }]);
  });
});

describe('the deadline', () => {
  const late = (saga: SagaTest): SagaTest => {
    saga.deliver({ kind: 'pause', by: 'ann', reason: '' });
    return saga.passTime('15m').resume();
  };

  it('starts the compensation when it passes before the pivot', () => {
    const saga = late(atFirstStage().reply(reserveStock, reserved)).passTime('1ms').reply(authorizePayment, authorized);
    expect(saga.expectCommands(releaseStock, voidPayment).state.cause).toEqual({
      kind: 'deadline',
      reason: 'deadline',
    });
  });

  it('lets commands in flight settle first (rule 3)', () => {
    late(atFirstStage()).passTime('1ms').expectStatus('RUNNING');
  });

  it.each([
    ['has begun', atPivot],
    ['is done', atRetriable],
  ])('has no effect once the pivot %s (rule 7)', (_name, begin) => {
    expect(late(begin()).passTime('1ms').state.cause).toBeUndefined();
  });
});

describe('an invalid input', () => {
  const begin = (): SagaTest => sagaTest(placeOrder).start({} as Order);

  it('pauses the saga before it sends anything', () => {
    expect(begin().expectCommands().state.pause).toMatchObject({
      reason: 'invalid-input',
      detail: 'The input of place-order is not valid: orderId is missing.',
    });
  });

  it('pauses the saga again when it is resumed', () => {
    expect(begin().resume().state.pause?.reason).toBe('invalid-input');
  });

  it('does not prevent the saga from being cancelled', () => {
    const harmless = defineSaga({ name: 'harmless', version: 1, input: Order })
      .retriable('confirm', { invoke: confirmOrder, payload: () => ({ orderId: 'o' }) })
      .build();
    sagaTest(harmless)
      .start({} as Order)
      .cancel()
      .expectStatus('COMPENSATED');
  });
});

describe('a payload mapper', () => {
  class Sum {
    @IsInt() amount!: number;
  }
  class Quote {
    @IsString() quote!: string;
  }
  const ask = defineCommand('bank.quote', { payload: Order, reply: Quote });
  const pay = defineCommand('bank.pay', { payload: Sum });
  let mended = false;
  const saga = (wrong: () => Sum): SagaTest => {
    mended = false;
    const payload = (): Sum => (mended ? { amount: 1 } : wrong());
    const definition = defineSaga({ name: 'pay', version: 1, input: Order })
      .retriable('ask', { invoke: ask, payload: ({ input }) => ({ orderId: input.orderId }) })
      .retriable('pay', { invoke: pay, payload })
      .build();
    return sagaTest(definition).start(anOrder()).reply(ask, { quote: 'q' });
  };
  const throwing = (): Sum => {
    throw new Error('no amount');
  };

  it('pauses the saga when it throws', () => {
    expect(saga(throwing).expectCommands().state.pause).toMatchObject({
      reason: 'invalid-payload',
      step: 'pay',
      detail: 'The payload mapper of bank.pay threw: Error: no amount.',
    });
  });

  it('pauses the saga when its payload is invalid', () => {
    expect(saga(() => ({ amount: 0.5 })).state.pause?.detail).toBe(
      'The payload of bank.pay is not valid: amount must be integer.',
    );
  });

  it('lets the saga continue on resume once it is fixed', () => {
    const paused = saga(throwing);
    mended = true;
    paused.resume().expectCommands(pay).reply(pay).expectStatus('COMPLETED');
  });

  it('pauses the saga again on resume when it is not fixed', () => {
    saga(throwing).resume().expectStatus('PAUSED');
  });
});

describe('a missing definition', () => {
  const started: StartedEvent = {
    kind: 'started',
    sagaId: '019b76da-a800-7000-8000-00005a6a7e57',
    definition: 'place-order',
    version: 1,
    input: anOrder(),
    halted: 'No definition of place-order v1 is registered.',
  };
  const resume: SagaEvent = { kind: 'resume', by: 'ann', reason: 'deployed' };
  const halted: HaltedEvent = { kind: 'halted', because: 'definition-missing', detail: 'gone' };

  it('stores the saga as paused', () => {
    expect(halt(undefined, started, 0).state).toMatchObject({
      status: 'PAUSED',
      pause: { reason: 'definition-missing', detail: 'No definition of place-order v1 is registered.' },
    });
  });

  it('lets the saga begin on resume once it is registered', () => {
    const { sends } = transition(placeOrder, halt(undefined, started, 0).state, resume, 9);
    expect(sends.map(({ step }) => step)).toEqual(['stock', 'payment']);
  });

  it('does not extend the deadline', () => {
    const { state } = transition(placeOrder, halt(undefined, started, 0).state, resume, 9);
    expect(state.deadlineAt).toBe(900_000);
  });

  it('does not let an invalid input pass', () => {
    const invalid = halt(undefined, { ...started, input: {} }, 0).state;
    expect(transition(placeOrder, invalid, resume, 9).state.pause?.reason).toBe('invalid-input');
  });

  it('does not prevent a saga that begins with its pivot from being cancelled', () => {
    const pivotFirst = defineSaga({ name: 'place-order', version: 1, input: Order })
      .pivot('capture', { invoke: confirmOrder, payload: ({ input }) => ({ orderId: input.orderId }) })
      .build();
    const { state } = halt(undefined, started, 0);
    const { state: cancelled } = transition(pivotFirst, state, { kind: 'cancel', by: 'ann', reason: '' }, 9);
    expect(cancelled.status).toBe('COMPENSATED');
  });

  it('pauses a running saga in place', () => {
    const saga = atRetriable();
    saga.deliver(halted);
    saga.expectStatus('PAUSED').resume().expectStep('confirm', 'INVOKED');
  });

  it('lets the saga continue in place once it is found', () => {
    const saga = atRetriable();
    saga.deliver(halted);
    saga.deliver({ kind: 'definition-found', version: 1 });
    saga.expectStatus('RUNNING').expectStep('confirm', 'INVOKED').expectCommands(confirmOrder, confirmOrder);
  });

  it('changes nothing when it is found for a saga that does not miss it', () => {
    for (const saga of [atRetriable(), atRetriable().pause()]) {
      expect(saga.deliver({ kind: 'definition-found', version: 1 }).ignored).toBe('definition-not-missed');
    }
  });

  it('keeps a compensating saga compensating after the pause', () => {
    const saga = atCompensation();
    saga.deliver(halted);
    saga.pause();
    saga.expectStatus('PAUSED').resume().expectStatus('COMPENSATING');
  });

  it('changes nothing about a paused saga', () => {
    const saga = atRetriable().pause();
    expect(saga.deliver(halted).ignored).toBe('already-paused');
  });

  it('does not start a saga that exists', () => {
    const { state } = atRetriable();
    expect(halt(state, started, 0)).toEqual({ state, sends: [], ignored: 'already-started' });
  });
});

describe('a saga', () => {
  it('starts once', () => {
    const saga = atRetriable();
    const [first] = saga.history;
    expect(saga.deliver(first?.event as SagaEvent).ignored).toBe('already-started');
  });

  it('accepts no event before it starts', () => {
    expect(() => transition(placeOrder, undefined, { kind: 'time-passed' }, 0)).toThrow(
      'Broken invariant: a saga starts first.',
    );
  });

  it('keeps its subject, and what its messages carry along', () => {
    const event: StartedEvent = {
      kind: 'started',
      sagaId: '019b76da-a800-7000-8000-00005a6a7e57',
      definition: 'place-order',
      version: 1,
      subject: 'o-1',
      carried: { traceparent: '00-1-2-01' },
      input: anOrder(),
    };
    expect(transition(placeOrder, undefined, event, 0).state).toMatchObject({
      subject: 'o-1',
      carried: { traceparent: '00-1-2-01' },
    });
  });
});
