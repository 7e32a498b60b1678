import { atCompensation, atFirstStage, atPivot, atRetriable } from '../../test/sample-progress';
import {
  anOrder,
  authorizePayment,
  capturePayment,
  commitStock,
  confirmOrder,
  Order,
  placeOrder,
  releaseStock,
  reserved,
  reserveStock,
} from '../../test/sample-saga';
import { bookHotel, bookTrip, consent } from '../../test/sample-shapes';
import type { DeadLetterSummary } from '../dead-letters';
import { defineSaga, type SagaDefinition } from '../definition';
import type { Hold } from '../holds';
import { sagaTest, type SagaTest } from '../testing/saga-test';
import { diagnose } from './diagnose';
import type { Diagnosis, StepEffect } from './diagnosis';
import type { ParticipantFacts, Situation } from './situation';

function diagnosisOf(saga: SagaTest, given: Partial<Situation> & { definition?: SagaDefinition } = {}): Diagnosis {
  const found = diagnose({
    state: saga.state,
    definition: placeOrder,
    now: saga.now + 1_000,
    changedAt: saga.now,
    holdOn: () => undefined,
    participants: new Map<string, ParticipantFacts>(),
    unsent: new Map<string, number>(),
    deadLetters: [],
    ...given,
  });
  if (found === undefined) throw new Error('There is no diagnosis.');
  return found;
}

const participant = (service: string, facts: ParticipantFacts): Pick<Situation, 'participants'> => ({
  participants: new Map([[service, facts]]),
});

const letter = (messageId: string | undefined): DeadLetterSummary =>
  ({ messageId, service: 'payment', reason: 'invalid-data' }) as DeadLetterSummary;

describe('the diagnosis of a saga that waits for a reply', () => {
  it('names the participant and the command, and what happens next', () => {
    const saga = atPivot();
    expect(diagnosisOf(saga, participant('payment', { answeredAt: saga.now, members: 2, lag: 0 }))).toEqual({
      code: 'waiting-for-reply',
      summary: 'It waits for the reply of payment to payment.capture',
      step: 'capture',
      since: saga.now,
      because: [
        'payment last answered a command 1s ago',
        'payment has 2 consumers',
        'payment has 0 commands to process',
      ],
      next: { what: 'sends payment.capture again', at: saga.now + 5_000 },
      afterwards: { what: 'sends payment.capture again', at: saga.now + 10_000 },
      effects: [
        { step: 'order', command: 'order.reject', effect: 'done' },
        { step: 'stock', command: 'inventory.reserve-stock', effect: 'done' },
        { step: 'payment', command: 'payment.authorize', effect: 'done' },
        { step: 'capture', command: 'payment.capture', effect: 'under-way' },
      ],
    });
  });

  it('names a participant that has answered nobody since', () => {
    const saga = atPivot().passTime('5s');
    const { code, summary, because } = diagnosisOf(saga, participant('payment', { answeredAt: saga.now - 9_000 }));
    expect({ code, summary, because }).toEqual({
      code: 'participant-silent',
      summary: 'payment has answered nobody since payment.capture was sent',
      because: ['payment.capture was sent 2 times under one id', 'payment last answered a command 10s ago'],
    });
  });

  it('says when no instance reads the commands', () => {
    expect(diagnosisOf(atPivot(), participant('payment', { members: 0, lag: 7 }))).toMatchObject({
      code: 'no-consumer',
      summary: 'No instance of payment reads its commands',
      because: ['No answer of payment was seen yet', 'payment has 0 consumers', 'payment has 7 commands to process'],
    });
  });

  it('says how far a participant is behind', () => {
    const saga = atPivot();
    expect(diagnosisOf(saga, participant('payment', { answeredAt: saga.now, members: 1, lag: 400 }))).toMatchObject({
      code: 'lagging',
      summary: 'payment is 400 commands behind, and payment.capture waits for its turn',
    });
  });

  it('finds a command that is not published', () => {
    const saga = atPivot();
    const { commandId } = saga.awaited(capturePayment);
    const unsent = new Map([[commandId, saga.now - 9_000]]);
    const found = diagnosisOf(saga, { unsent, problem: 'the broker is away' });
    expect(found).toMatchObject({
      code: 'not-relayed',
      summary: 'payment.capture has waited 10s in the outbox: it is not published',
    });
    expect(found.because).toContain('This orchestrator reports: the broker is away');
  });

  it('does not count a command that was stored just now as unpublished', () => {
    const saga = atPivot();
    const unsent = new Map([[saga.awaited(capturePayment).commandId, saga.now]]);
    expect(diagnosisOf(saga, { unsent }).code).toBe('waiting-for-reply');
  });

  it('finds the dead letter of its command', () => {
    const saga = atPivot();
    const deadLetters = [letter(saga.awaited(capturePayment).commandId)];
    expect(diagnosisOf(saga, { deadLetters })).toMatchObject({
      code: 'dead-letter',
      summary: 'payment could not process payment.capture, and dead-lettered it: invalid-data',
      because: ['No answer of payment was seen yet', 'It has 1 open dead letter'],
    });
  });

  it('says that the broker is away, whatever else follows from it', () => {
    const saga = atPivot();
    const unsent = new Map([[saga.awaited(capturePayment).commandId, saga.now - 9_000]]);
    expect(diagnosisOf(saga, { brokerAway: true, unsent })).toMatchObject({
      code: 'broker-away',
      summary: 'The broker does not answer: payment.capture or its reply is not delivered',
      because: ['payment.capture has waited 10s in the outbox', 'No answer of payment was seen yet'],
    });
  });

  it('names the fault that struck its command, and how to disarm it', () => {
    const saga = atPivot().passTime('5s');
    const struck = { what: 'A fault struck payment.capture', remedy: 'Disarm the fault', hasHappened: true };
    const interferences = new Map([[saga.awaited(capturePayment).commandId, [struck]]]);
    const { code, summary, because } = diagnosisOf(saga, { interferences });
    expect({ code, summary, because: because.slice(0, 2) }).toEqual({
      code: 'fault-armed',
      summary: 'A fault struck payment.capture',
      because: ['Disarm the fault', 'payment has answered nobody since payment.capture was sent'],
    });
  });

  it('puts a fault that has not struck behind what is wrong without it', () => {
    const saga = atPivot();
    const armed = 'A fault is armed for payment.capture';
    const threat = { what: armed, remedy: 'Disarm the fault', hasHappened: false };
    const interferences = new Map([[saga.awaited(capturePayment).commandId, [threat]]]);
    expect(diagnosisOf(saga, { interferences })).toMatchObject({ code: 'fault-armed', summary: armed });
    const down = diagnosisOf(saga, { interferences, ...participant('payment', { members: 0 }) });
    expect(down.code).toBe('no-consumer');
    expect(down.because).toContain(armed);
  });

  it('says when it gives up, and what that does', () => {
    const saga = atFirstStage().reply(reserveStock, reserved).passTime('10s');
    const { next, afterwards } = diagnosisOf(saga);
    expect([next, afterwards]).toEqual([
      {
        what: 'gives up payment, and compensates the saga, sends inventory.release-stock, sends payment.void',
        at: saga.now + 5_000,
      },
      { what: 'sends inventory.release-stock again, sends payment.void again', at: saga.now + 10_000 },
    ]);
  });

  it('says when it will pause for an operator', () => {
    const saga = atPivot().passTime('10s');
    expect(diagnosisOf(saga).next).toEqual({ what: 'pauses for an operator: pivot-unanswered', at: saga.now + 5_000 });
  });

  it('reports a timer that nobody has served', () => {
    const saga = atPivot();
    expect(diagnosisOf(saga, { now: saga.now + 65_000 })).toMatchObject({
      code: 'timers-late',
      summary: 'Its timer is 1m late: no orchestrator has woken it',
      since: saga.now + 5_000,
    });
  });
});

describe('the diagnosis of a saga that waits for something else', () => {
  it('names the failure and the next attempt', () => {
    const saga = atRetriable().fail(confirmOrder, 'no room');
    expect(diagnosisOf(saga)).toMatchObject({
      code: 'backing-off',
      summary: expect.stringMatching(/^order\.confirm has failed once, and is tried again in /),
      because: ['The last failure was handler-threw: no room'],
      next: { what: 'sends order.confirm, attempt 2' },
    });
  });

  it('tells a compensation that keeps failing from a first failure', () => {
    const saga = atCompensation();
    for (let attempt = 1; attempt < 3; attempt += 1) saga.fail(releaseStock, 'no room').passTime('10s');
    saga.fail(releaseStock, 'no room');
    expect(diagnosisOf(saga).code).toBe('compensation-failing');
  });

  it('shows the hold, who placed it and why', () => {
    const saga = atFirstStage().reply(reserveStock, reserved);
    saga.expectCommands(authorizePayment).holds('payment').silence(authorizePayment);
    const hold = { by: 'ada', reason: 'the bank is down', cause: 'by-hand' } as Hold;
    expect(diagnosisOf(saga, { holdOn: () => hold, held: ['payment'] })).toMatchObject({
      code: 'held',
      summary: 'payment is held for 1s, by ada: the bank is down',
      step: 'payment',
    });
  });

  it('names the signal, and what happens without it', () => {
    const saga = sagaTest(bookTrip).start({ tripId: 't', insured: false, legs: [] });
    expect(diagnosisOf(saga, { definition: bookTrip })).toMatchObject({
      code: 'waiting-for-signal',
      summary: `It waits for the signal ${consent.name} from outside`,
    });
  });

  it('names the child', () => {
    const saga = sagaTest(bookTrip).start({ tripId: 't', insured: false, legs: [] }).signal(consent, { given: true });
    expect(diagnosisOf(saga, { definition: bookTrip })).toMatchObject({
      code: 'waiting-for-child',
      summary: `It waits for its child saga ${bookHotel.name} to end`,
    });
  });

  it('reports the most serious of several steps, and then the others', () => {
    const saga = atFirstStage();
    const found = diagnosisOf(saga, participant('inventory', { members: 0 }));
    expect(found).toMatchObject({ code: 'no-consumer', step: 'stock' });
    expect(found.because).toContain('It waits for the reply of payment to payment.authorize');
  });

  it('says once what several branches have in common', () => {
    const saga = sagaTest(bookTrip).start({ tripId: 't', insured: false, legs: ['a', 'b'] });
    const given = { definition: bookTrip, ...participant('rail', { members: 0 }) };
    expect(diagnosisOf(saga, given)).toMatchObject({
      summary: 'No instance of rail reads its commands',
      because: ['No answer of rail was seen yet', 'rail has 0 consumers'],
    });
  });
});

describe('the diagnosis of a paused saga', () => {
  it('names the operator', () => {
    expect(diagnosisOf(atPivot().pause('to look'))).toMatchObject({
      code: 'paused-by-operator',
      summary: expect.stringMatching(/^An operator paused it, .*to look$/),
      next: undefined,
    });
  });

  it('shows the last failure of a step that needs attention', () => {
    const saga = atRetriable().reply(confirmOrder);
    for (let attempt = 1; attempt <= 4; attempt += 1) saga.fail(commitStock, 'no room').passTime('10s');
    expect(diagnosisOf(saga)).toMatchObject({
      code: 'needs-attention',
      summary: 'inventory.commit-stock failed 4 times; its last failure was handler-threw: no room',
      because: [],
    });
  });

  it('counts its dead letters', () => {
    const saga = atPivot().silence(capturePayment);
    expect(diagnosisOf(saga, { deadLetters: [letter(undefined), letter(undefined)] }).because).toEqual([
      'It has 2 open dead letters: invalid-data of payment',
    ]);
  });

  it.each<[string, StepEffect['effect'], () => SagaTest]>([
    ['a pivot that was never answered may have taken effect', 'unknown', () => atPivot().silence(capturePayment)],
    ['an action whose last attempt failed has no effect', 'none', () => atPivot().fail(capturePayment, 'x')],
    ['an action that is sent is under way', 'under-way', () => atPivot()],
  ])('%s', (_, effect, saga) => {
    const capture = { step: 'capture', command: 'payment.capture' };
    expect(diagnosisOf(saga()).effects.at(-1)).toEqual({ ...capture, effect });
  });

  it('an effect whose compensation failed is still there', () => {
    const { effects } = diagnosisOf(atCompensation().fail(releaseStock, 'x'));
    expect(effects.find(({ step }) => step === 'stock')?.effect).toBe('done');
  });
});

it('a saga that has ended has no diagnosis', () => {
  const saga = atPivot().reply(capturePayment).reply(confirmOrder).reply(commitStock);
  expect(() => diagnosisOf(saga)).toThrow('There is no diagnosis.');
});

it('names the place of a step whose mapper is faulty', () => {
  const broken = defineSaga({ name: 'broken', version: 1, input: Order })
    .retriable('confirm', {
      invoke: confirmOrder,
      payload: () => {
        throw new Error('no order');
      },
    })
    .build();
  const { code, because } = diagnosisOf(sagaTest(broken).start(anOrder()), { definition: broken });
  expect(code).toBe('invalid-payload');
  expect(because).toEqual([
    expect.stringMatching(/^The step confirm of broken v1 is defined at .*diagnosis\/diagnose\.spec\.ts:\d+$/),
  ]);
});

it('names the running orchestrators that have a version which this one does not', () => {
  const { because } = diagnosisOf(atPivot(), { definition: undefined as never, instances: ['shop-2'] });
  expect(because).toEqual(['place-order v1 is registered in shop-2']);
  const nowhere = diagnosisOf(atPivot(), { definition: undefined as never, instances: [] });
  expect(nowhere.because).toEqual(['No running orchestrator has place-order v1']);
});

it('a saga of a version that this instance does not have says so', () => {
  expect(diagnosisOf(atPivot(), { definition: undefined as never })).toMatchObject({
    code: 'definition-missing',
    summary: 'This instance does not have place-order v1; another one runs the saga',
    effects: [],
  });
});
