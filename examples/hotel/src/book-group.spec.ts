import { explore, sagaTest, startOf, undoOf, type SagaTest } from '@palinode/saga/testing';
import { bookGroupSaga } from './book-group.js';
import { bookTransferSaga } from './book-transfer.js';
import { cancelBooking, chargeCard, confirmBooking, holdRoom, releaseRoom } from './contracts.js';
import { cancelBreakfast, guestConsent, reserveBreakfast, type BookGroup } from './group-contracts.js';

const aGroup = (part: Partial<BookGroup> = {}): BookGroup => ({
  bookingId: '019b76da-a800-7000-8000-000000000001',
  roomIds: ['room-1', 'room-2'],
  night: '2026-12-24',
  breakfast: true,
  amountCents: 24_000,
  cardToken: 'tok_ok',
  ...part,
});
const held = { holdId: '019b76da-a800-7000-8000-000000000002' };
const agreed = { given: true, amountCents: 24_000 };

/** A group for which all is reserved, and which has not answered yet. */
const offered = (): SagaTest => {
  const saga = sagaTest(bookGroupSaga).start(aGroup()).reply(holdRoom, held).reply(holdRoom, held);
  return saga.reply(reserveBreakfast).reply(startOf(bookTransferSaga));
};

it('charges the group when the guest agrees to the price', () => {
  offered().signal(guestConsent, agreed).reply(chargeCard).reply(confirmBooking).expectStatus('COMPLETED');
});

it('gives everything back, the last first, when the guest agrees to another price', () => {
  const saga = offered().signal(guestConsent, { given: true, amountCents: 1 });
  saga.compensate(undoOf(bookTransferSaga), cancelBreakfast, releaseRoom, releaseRoom, cancelBooking);
  saga.expectStatus('COMPENSATED');
});

it('gives everything back when the guest does not answer for a day', () => {
  offered().passTime('1d').expectStep('consent', 'REFUSED').expectStatus('COMPENSATING');
});

it('reserves no breakfast for a group that wants none', () => {
  const saga = sagaTest(bookGroupSaga)
    .start(aGroup({ breakfast: false }))
    .reply(holdRoom, held)
    .reply(holdRoom, held);
  saga.expectStep('breakfast', 'SKIPPED').expectCommands(startOf(bookTransferSaga));
});

it('gives the rooms back when there is no taxi', () => {
  const saga = sagaTest(bookGroupSaga)
    .start(aGroup({ breakfast: false }))
    .reply(holdRoom, held)
    .reply(holdRoom, held);
  saga.refuse(startOf(bookTransferSaga), 'child-compensated').compensate(releaseRoom, releaseRoom, cancelBooking);
});

it('books the group, or leaves everything as it was, whatever happens', () => {
  explore(bookGroupSaga)
    .world({ rooms: 0, breakfasts: 0, transfers: 0, paid: 0 })
    .on(holdRoom, { reply: held, effect: (hotel) => ({ ...hotel, rooms: hotel.rooms + 1 }) })
    .on(releaseRoom, { effect: (hotel) => ({ ...hotel, rooms: hotel.rooms - 1 }) })
    .on(reserveBreakfast, { effect: (hotel, { guests }) => ({ ...hotel, breakfasts: hotel.breakfasts + guests }) })
    .on(cancelBreakfast, { effect: (hotel) => ({ ...hotel, breakfasts: 0 }) })
    .on(startOf(bookTransferSaga), { effect: (hotel) => ({ ...hotel, transfers: hotel.transfers + 1 }) })
    .on(undoOf(bookTransferSaga), { effect: (hotel) => ({ ...hotel, transfers: hotel.transfers - 1 }) })
    .on(chargeCard, { effect: (hotel, { amountCents }) => ({ ...hotel, paid: hotel.paid + amountCents }) })
    .signal(guestConsent, agreed, { given: false, amountCents: 24_000 })
    .always('nobody pays twice', ({ paid }) => paid <= 24_000)
    .whenCompleted(
      'the group has what it pays for',
      ({ rooms, breakfasts, transfers, paid }) => rooms === 1 && breakfasts === 1 && transfers === 1 && paid === 24_000,
    )
    .whenCompensated(
      'it is as if nothing had been',
      ({ rooms, breakfasts, transfers, paid }) => rooms === 0 && breakfasts === 0 && transfers === 0 && paid === 0,
    )
    // A second room would multiply the histories, and show nothing new.
    .start(aGroup({ roomIds: ['room-1'] }))
    .expectNoBrokenPromise();
});
