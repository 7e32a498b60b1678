import { defineSaga, startOf, undoOf } from '../definition';
import {
  aTrip,
  bookHotel,
  bookSeat,
  bookTrip,
  cancelInsurance,
  consent,
  freeRoom,
  freeSeat,
  holdRoom,
  insure,
  issueTicket,
  sendTicket,
  Trip,
  TripOf,
  type Seat,
} from '../../test/sample-shapes';
import { sagaTest, type SagaTest } from '../testing/saga-test';
import type { UndoEvent } from './event';
import { transition } from './transition';

const tripOf = ({ input }: { input: TripOf }): TripOf => ({ tripId: input.tripId });
const room = { invoke: holdRoom, payload: tripOf, compensation: { invoke: freeRoom, payload: tripOf } };
const seat = (name: string): Seat => ({ seat: name });
const statusOf = ({ state }: SagaTest, step: string): string | undefined => state.steps[step]?.status;
const trip = (part: Partial<Trip> = {}): SagaTest => sagaTest(bookTrip).start(aTrip(part));
const atConsent = (part: Partial<Trip> = {}): SagaTest => trip({ legs: ['a'], ...part }).reply(bookSeat, seat('1'));
const atHotel = (): SagaTest => atConsent().signal(consent, { given: true });
const atTicket = (): SagaTest => atHotel().reply(startOf(bookHotel));

describe('a conditional step', () => {
  it('runs when the condition holds', () => {
    trip({ insured: true }).expectCommands(insure);
  });

  it('is skipped when the condition does not hold, and the saga continues', () => {
    trip().expectStep('insurance', 'SKIPPED').expectCommands(bookSeat, bookSeat);
  });

  it('is not compensated when it was skipped (rule 4)', () => {
    trip({ legs: ['a'] })
      .refuse(bookSeat, 'full')
      .expectCommands()
      .expectStatus('COMPENSATED');
  });

  it('is compensated when it ran', () => {
    trip({ insured: true, legs: ['a'] })
      .reply(insure, seat('i'))
      .refuse(bookSeat, 'full')
      .expectCommands(cancelInsurance);
  });

  it('pauses the saga when its condition throws, and continues once the condition is fixed', () => {
    let broken = true;
    const condition = (): boolean => {
      if (broken) throw new Error('no idea');
      return true;
    };
    const definition = defineSaga({ name: 'conditional', version: 1, input: TripOf })
      .when(condition, (saga) => saga.compensatable('room', room))
      .build();
    const saga = sagaTest(definition).start({ tripId: 't' }).expectStatus('PAUSED');
    expect(saga.state.pause).toMatchObject({ reason: 'invalid-definition', step: 'room' });
    expect(saga.state.pause?.detail).toBe('The condition of room threw: Error: no idea.');
    broken = false;
    saga.resume().expectCommands(holdRoom);
  });

  it('runs only when all nested conditions hold', () => {
    const definition = defineSaga({ name: 'conditional', version: 1, input: Trip })
      .when(
        ({ input }) => input.insured,
        (saga) =>
          saga.when(
            ({ input }) => input.legs.length > 1,
            (inner) => inner.compensatable('room', room),
          ),
      )
      .build();
    sagaTest(definition)
      .start(aTrip({ insured: true }))
      .expectCommands(holdRoom);
    sagaTest(definition)
      .start(aTrip({ insured: true, legs: [] }))
      .expectStatus('COMPLETED');
    sagaTest(definition).start(aTrip()).expectStatus('COMPLETED');
  });

  it('can be one branch of a parallel stage while the others run', () => {
    const definition = defineSaga({ name: 'conditional', version: 1, input: Trip })
      .parallel((branch) => ({
        one: branch.when(({ input }) => input.insured, branch.compensatable(room)),
        other: branch.compensatable(room),
      }))
      .build();
    sagaTest(definition).start(aTrip()).expectCommands(holdRoom).expectStep('one', 'SKIPPED');
  });
});

describe('a forEach stage', () => {
  it('runs one branch per item, as many at once as its concurrency', () => {
    const saga = trip().expectCommands(bookSeat, bookSeat);
    expect([0, 1, 2].map((index) => statusOf(saga, `seats[${index}]`))).toEqual(['INVOKED', 'INVOKED', 'PENDING']);
    saga.reply(bookSeat, seat('1')).expectCommands(bookSeat);
  });

  it('passes each item to the payload of its branch', () => {
    expect(trip().awaited(bookSeat).payload).toEqual({ tripId: 't-1', leg: 'a' });
  });

  it('passes all replies to later mappers, in the order of the items', () => {
    const saga = trip({ legs: ['a', 'b'] })
      .reply(bookSeat, seat('1'))
      .reply(bookSeat, seat('2'));
    saga.signal(consent, { given: true }).reply(startOf(bookHotel));
    expect(saga.awaited(issueTicket).payload).toEqual({ tripId: 't-1', seats: ['1', '2'] });
  });

  it('is skipped when there is no item', () => {
    trip({ legs: [] }).expectCommands().expectStep('consent', 'INVOKED');
  });

  it('is SKIPPED when the saga compensates before it, and PENDING until then', () => {
    const saga = trip({ insured: true }).expectStep('seats', 'PENDING').cancel().expectStep('seats', 'PENDING');
    saga.reply(insure, seat('i')).expectStep('seats', 'SKIPPED');
    saga.reply(cancelInsurance).expectStatus('COMPENSATED').expectStep('seats', 'SKIPPED');
  });

  it('lets running branches settle after a refusal, starts no others, and compensates (rule 3)', () => {
    const saga = trip().refuse(bookSeat, 'full');
    expect(statusOf(saga, 'seats[2]')).toBe('SKIPPED');
    saga.expectStatus('RUNNING').reply(bookSeat, seat('2'));
    saga.expectCommands(freeSeat).reply(freeSeat).expectStatus('COMPENSATED');
  });

  it('compensates as many branches at once as its concurrency', () => {
    const saga = trip().reply(bookSeat, seat('1')).reply(bookSeat, seat('2')).reply(bookSeat, seat('3'));
    saga.cancel().expectCommands(freeSeat, freeSeat);
    saga.reply(freeSeat).expectCommands(freeSeat);
  });

  it.each([
    ['are not an array', () => 'abc' as unknown as string[], 'The items of each are no array.'],
    ['are too many', () => Array<string>(201).fill('x'), 'The items of each are 201, and at most 200 are allowed.'],
    [
      'cannot be computed',
      () => {
        throw new Error('none');
      },
      'The items of each threw: Error: none.',
    ],
  ])('pauses the saga when its items %s', (_case, items, detail) => {
    const definition = defineSaga({ name: 'items', version: 1, input: TripOf })
      .forEach('each', items, (each) => each.compensatable(room))
      .build();
    const saga = sagaTest(definition).start({ tripId: 't' }).expectStatus('PAUSED');
    expect(saga.state.pause).toMatchObject({ reason: 'invalid-definition', detail });
  });
});

describe('a wait for a signal', () => {
  it('lasts until the signal comes', () => {
    const saga = atConsent().expectStep('consent', 'INVOKED').expectCommands();
    saga.signal(consent, { given: true }).expectStep('consent', 'DONE').expectCommands(startOf(bookHotel));
  });

  it('accepts a signal that came before it', () => {
    const saga = trip({ legs: ['a'] })
      .signal(consent, { given: true })
      .reply(bookSeat, seat('1'));
    saga.expectStep('consent', 'DONE').expectCommands(startOf(bookHotel));
    expect(saga.state.signals).toEqual({});
  });

  it('starts the compensation when the signal refuses', () => {
    const saga = atConsent().signal(consent, { given: false }).expectCommands(freeSeat);
    expect(saga.state.cause).toEqual({ kind: 'refusal', step: 'consent', reason: 'no-consent' });
  });

  it('takes its default when its timeout passes', () => {
    const saga = atConsent().passTime('1d').expectCommands(freeSeat);
    expect(saga.state.steps['consent']).toMatchObject({ status: 'REFUSED', reply: { given: false } });
  });

  it('starts the compensation when its timeout passes without a default', () => {
    const definition = defineSaga({ name: 'long-wait', version: 1, input: TripOf })
      .wait('consent', { signal: consent, timeout: '1h' })
      .retriable('post', { invoke: sendTicket, payload: ({ input }) => input })
      .build();
    const saga = sagaTest(definition).start({ tripId: 't' }).passTime('1h').expectStatus('COMPENSATED');
    expect(saga.state.cause).toMatchObject({ kind: 'no-answer', step: 'consent', reason: 'no-signal' });
  });

  it('ends at once when the saga is cancelled', () => {
    atConsent().cancel().expectStep('consent', 'SKIPPED').expectCommands(freeSeat);
  });

  it('accepts, on resume, a signal that came while the saga was paused', () => {
    const saga = atConsent().pause().signal(consent, { given: true }).expectStep('consent', 'INVOKED');
    saga.resume().expectStep('consent', 'DONE');
  });

  it('sets a wake-up for its timeout (rule 6)', () => {
    const saga = atConsent();
    expect(saga.state.wakeAt).toBe(saga.now + 86_400_000);
  });

  it('keeps its timeout when the saga is resumed before its first command', () => {
    const definition = defineSaga({ name: 'long-wait', version: 1, input: TripOf })
      .wait('consent', { signal: consent, timeout: '1h', otherwise: () => ({ given: true }) })
      .retriable('post', { invoke: sendTicket, payload: ({ input }) => input })
      .build();
    const saga = sagaTest(definition).start({ tripId: 't' });
    const until = saga.state.wakeAt;
    saga.passTime('10m').pause().resume();
    expect(saga.state.wakeAt).toBe(until);
  });

  it.each([
    ['that the definition does not wait for', 'weather', { given: true }, 'unknown-signal'],
    ['that violates its contract', 'traveller-consent', { given: 'perhaps' }, 'invalid-signal'],
  ])('ignores a signal %s, and says why (rule 2)', (_case, signal, payload, ignored) => {
    const saga = atConsent();
    const before = saga.state;
    expect(saga.deliver({ kind: 'signalled', signal, payload })).toEqual({ state: before, sends: [], ignored });
  });

  it('ignores a second signal before it and one after it', () => {
    const early = trip().signal(consent, { given: true });
    const again = { kind: 'signalled', signal: consent.name, payload: { given: false } } as const;
    expect(early.deliver(again).ignored).toBe('already-signalled');
    expect(atHotel().deliver(again).ignored).toBe('not-awaited');
  });
});

describe('a step that starts a child saga', () => {
  it('starts the child by a command and ends with it', () => {
    const saga = atHotel().expectCommands(startOf(bookHotel));
    saga.reply(startOf(bookHotel)).expectStep('hotel', 'DONE').expectCommands(issueTicket);
  });

  it('is refused when the child was compensated, and does not compensate it again (rule 4)', () => {
    const saga = atHotel().refuse(startOf(bookHotel), 'child-compensated').expectStep('hotel', 'REFUSED');
    saga.expectCommands(freeSeat);
  });

  it('compensates the child when a later step is refused', () => {
    const saga = atTicket().refuse(issueTicket, 'closed').expectCommands(undoOf(bookHotel));
    saga.reply(undoOf(bookHotel)).expectCommands(freeSeat);
  });

  it('is resent without limit while no answer arrives', () => {
    const saga = atHotel().passTime('1h');
    expect(saga.state.steps['hotel']?.exchange).toMatchObject({ sends: 61 });
    saga.expectStatus('RUNNING');
  });

  it('compensates the child at once when the parent is cancelled, however long the child may take', () => {
    atHotel().cancel().expectStep('hotel', 'COMPENSATING').expectCommands(startOf(bookHotel), undoOf(bookHotel));
  });
});

describe('a child saga', () => {
  const parent = {
    sagaId: '019b76da-a800-7000-8000-0000000000aa',
    step: 'hotel',
    commandId: '019b76da-a800-7001-8000-0000000000aa',
  };
  const undoId = '019b76da-a800-7002-8000-0000000000aa';
  const id = '019b76da-a800-7000-8000-00005a6a7e57';
  const started = {
    kind: 'started',
    sagaId: id,
    definition: 'book-hotel',
    version: 1,
    input: { tripId: 't' },
    parent,
  } as const;
  const undo: UndoEvent = { ...started, kind: 'undo', parent: { ...parent, commandId: undoId } };
  const child = (): SagaTest => sagaTest(bookHotel).start({ tripId: 't' }, parent);

  it('notifies its parent when it is completed', () => {
    const saga = child();
    const turn = saga.deliver(replied(saga));
    expect(turn.answer).toEqual({ to: parent, direction: 'action', outcome: 'success' });
  });

  it('notifies its parent with the reason when it is compensated', () => {
    const saga = child().refuse(holdRoom, 'full').expectStatus('COMPENSATED');
    const objection = { reason: 'child-compensated', detail: 'room: full' };
    expect(saga.deliver(started).answer).toEqual({ to: parent, direction: 'action', outcome: 'refusal', objection });
  });

  it('notifies its parent again on request, but not before it has ended (rule 2)', () => {
    const saga = child();
    expect(saga.deliver(started)).toEqual({ state: saga.state, sends: [], ignored: 'already-started' });
    saga.reply(holdRoom);
    expect(saga.deliver(started)).toMatchObject({ ignored: 'already-started', answer: { outcome: 'success' } });
  });

  it('is compensated by its parent even after its completion (rule 5)', () => {
    const saga = child().reply(holdRoom).expectStatus('COMPLETED');
    saga.deliver(undo);
    saga.expectStatus('COMPENSATING').expectCommands(freeRoom);
    expect(saga.deliver(undone(saga)).answer).toEqual({
      to: { ...parent, commandId: undoId },
      direction: 'compensation',
      outcome: 'success',
    });
    saga.expectStatus('COMPENSATED');
    expect(saga.state.cause).toMatchObject({ kind: 'parent' });
  });

  it('is compensated while it runs, once its stage has settled (rule 3)', () => {
    const saga = child();
    saga.deliver(undo);
    saga.expectStatus('RUNNING').reply(holdRoom).expectCommands(freeRoom);
  });

  it('is compensated while it is paused', () => {
    const saga = child().pause();
    saga.deliver(undo);
    saga.reply(holdRoom).expectCommands(freeRoom);
  });

  it('never begins once it was compensated before its start', () => {
    const turn = transition(bookHotel, undefined, undo, 0);
    expect(turn).toMatchObject({ state: { status: 'COMPENSATED' }, sends: [], answer: { outcome: 'success' } });
    expect(transition(bookHotel, turn.state, started, 1)).toMatchObject({ state: turn.state, sends: [] });
    expect(transition(bookHotel, turn.state, undo, 1)).toMatchObject({
      state: turn.state,
      answer: { outcome: 'success' },
    });
  });

  it('is not compensated on request of another saga', () => {
    const saga = child().reply(holdRoom);
    const foreign = { ...undo, parent: { ...undo.parent, sagaId: id } };
    expect(saga.deliver(foreign).ignored).toBe('foreign-parent');
    saga.expectStatus('COMPLETED');
  });

  function replied(saga: SagaTest): Parameters<SagaTest['deliver']>[0] {
    const { commandId, step, direction } = saga.awaited(holdRoom);
    return { kind: 'replied', commandId, step, direction, from: 'hotel', reply: undefined };
  }

  function undone(saga: SagaTest): Parameters<SagaTest['deliver']>[0] {
    const { commandId, step, direction } = saga.awaited(freeRoom);
    return { kind: 'replied', commandId, step, direction, from: 'hotel', reply: undefined };
  }
});
