import type { SagaDefinition } from '../../src/definition';
import { sagaTest, type SagaTest } from '../../src/testing';
import { aTrip, exploreTrip } from './agency';
import { bookTripSaga } from './book-trip';
import {
  bookCar,
  bookExcursion,
  bookFlight,
  bookRoom,
  bookTransfer,
  cancelCar,
  cancelExcursion,
  cancelFlight,
  cancelInsurance,
  cancelRoom,
  cancelTransfer,
  chargeTrip,
  confirmTrip,
  insure,
  issueTickets,
  issueVouchers,
  offerAnswered,
  rejectTrip,
  reservePoints,
  returnPoints,
  type BookTrip,
} from './contracts';

type Step = SagaDefinition['stages'][number]['steps'][number];

const seat = { seat: '7A' };
const room = { room: '12' };

const offered = (): SagaTest =>
  sagaTest(bookTripSaga)
    .start(aTrip({ nights: ['2026-07-01', '2026-07-02'] }))
    .reply(reservePoints)
    .reply(bookFlight, seat)
    .reply(bookFlight, seat)
    .reply(insure)
    .reply(bookRoom, room)
    .reply(bookRoom, room)
    .reply(bookCar)
    .reply(bookTransfer)
    .reply(bookExcursion);

describe('a trip', () => {
  it('books and pays the trip when the traveller accepts the offer', () => {
    const saga = offered()
      .signal(offerAnswered, { accepted: true, amountCents: aTrip().amountCents })
      .reply(chargeTrip);
    expect(saga.awaited(issueTickets).payload).toEqual({ tripId: 'trip-1', seats: ['7A', '7A'] });
    saga.reply(issueTickets).expectCommands(issueVouchers).reply(issueVouchers).reply(confirmTrip);
    saga.expectStatus('COMPLETED');
  });

  it('cancels the whole trip, the last booking first, when the offer is declined', () => {
    const saga = offered().signal(offerAnswered, { accepted: false, amountCents: aTrip().amountCents });
    const bookings = [cancelExcursion, cancelTransfer, cancelCar, cancelRoom, cancelRoom, cancelInsurance];
    saga.compensate(...bookings, cancelFlight, cancelFlight, returnPoints, rejectTrip).expectStatus('COMPENSATED');
  });

  it('cancels the trip when the traveller accepts another price', () => {
    const saga = offered().signal(offerAnswered, { accepted: true, amountCents: 1 });
    saga.expectCommands(cancelExcursion).expectStatus('COMPENSATING');
  });

  it('cancels the trip when the offer is not answered for two days', () => {
    offered().passTime('2d').expectCommands(cancelExcursion).expectStatus('COMPENSATING');
  });

  it('books no insurance for a traveller who wants none', () => {
    const saga = sagaTest(bookTripSaga).start(aTrip({ insured: false }));
    saga.reply(reservePoints).reply(bookFlight, seat).reply(bookFlight, seat).expectCommands(bookRoom);
    saga.expectStep('insurance', 'SKIPPED');
  });
});

/** The saga with the step of this name replaced. */
function withStep(name: string, change: (step: Step) => Partial<Step>): SagaDefinition<BookTrip> {
  const stages = bookTripSaga.stages.map(({ steps }) => ({
    steps: steps.map((step) => (step.name === name ? { ...step, ...change(step) } : step)),
  }));
  return { ...bookTripSaga, stages };
}

const withCompensation = (name: string, other: Partial<NonNullable<Step['compensation']>>): SagaDefinition<BookTrip> =>
  withStep(name, ({ compensation }) => ({ compensation: compensation && { ...compensation, ...other } }));

/** The saga with the stage of this step moved behind the pivot. */
function behindThePivot(name: string): SagaDefinition<BookTrip> {
  const { stages } = bookTripSaga;
  const moved = stages.filter(({ steps }) => steps[0]?.name === name);
  const others = stages.filter((stage) => !moved.includes(stage));
  const pivot = others.findIndex(({ steps }) => steps[0]?.kind === 'pivot');
  return { ...bookTripSaga, stages: [...others.slice(0, pivot + 1), ...moved, ...others.slice(pivot + 1)] };
}

/** One try of each command is enough to find these. */
const once = { tries: 1 };

describe('the exploration of a trip', () => {
  it('always ends with the trip booked and paid, or nothing, with two attempts of each command', () => {
    const { complete } = exploreTrip(bookTripSaga).start(aTrip()).expectNoBrokenPromise();
    expect(complete).toBe(true);
  });

  it('always ends with the trip booked and paid, or nothing, with two nights booked in parallel', () => {
    const twoNights = aTrip({ nights: ['2026-07-01', '2026-07-02'] });
    const { complete } = exploreTrip(bookTripSaga).start(twoNights, once).expectNoBrokenPromise();
    expect(complete).toBe(true);
  });

  it.each([
    ['a compensation is forgotten', withStep('car', () => ({ compensation: undefined }))],
    ['a compensation undoes something else', withCompensation('transfer', { command: cancelCar })],
    [
      'a compensation has the wrong data',
      withCompensation('outbound', { payload: () => ({ tripId: 'trip-1', direction: 'inbound' }) }),
    ],
    ['a compensatable step is behind the pivot', behindThePivot('excursion')],
  ])('reports a mistake when %s', (_mistake, definition) => {
    const { story } = exploreTrip(definition).start(aTrip(), once);
    expect(story).toContain('book-trip breaks a promise');
  });

  it('finds a compensation that does not undo the effect', () => {
    const { story } = exploreTrip(bookTripSaga).on(cancelRoom, {}).start(aTrip(), once);
    expect(story).toContain('"nothing is booked, and nothing paid" does not hold');
  });

  it.each([
    [
      'a compensation reads a reply that may never be seen',
      withCompensation('inbound', {
        payload: ({ reply }: { reply: { seat: string } }) => ({ tripId: 'trip-1', direction: reply.seat }),
      }),
    ],
    [
      'a payload mapper throws behind the pivot',
      withStep('vouchers', ({ action }) => ({
        action: action && {
          ...action,
          payload: ({ nights }: { nights: { room: string }[] }) => ({
            tripId: 'trip-1',
            rooms: [nights[1]?.room.trim()],
          }),
        },
      })),
    ],
  ])('reports a mistake when %s', (_mistake, definition) => {
    const { story } = exploreTrip(definition).start(aTrip(), once);
    expect(story).toContain('it can never end from here');
  });

  it('finds a compensation that may fail forever', () => {
    const { story } = exploreTrip(bookTripSaga)
      .on(cancelExcursion, {
        effect: () => {
          throw new Error('too late to cancel');
        },
      })
      .start(aTrip(), once);
    expect(story).toContain('it can never end from here');
  });

  it('finds a retriable that depends on data that may be missing', () => {
    const { story } = exploreTrip(bookTripSaga)
      .on(confirmTrip, {
        effect: (agency) => {
          if (agency.points === 1) throw new Error('the points are not spent');
          return { ...agency, trip: 'confirmed' };
        },
      })
      .start(aTrip(), once);
    expect(story).toContain('it can never end from here');
  });
});
