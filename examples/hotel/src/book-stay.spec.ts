import { sagaTest } from '@palinode/saga/testing';
import { bookStaySaga } from './book-stay.js';
import { cancelBooking, chargeCard, confirmBooking, holdRoom, releaseRoom, type BookStay } from './contracts.js';

const aStay = (): BookStay => ({
  bookingId: '019b76da-a800-7000-8000-000000000001',
  roomId: 'room-7',
  night: '2026-12-24',
  amountCents: 12_000,
  cardToken: 'tok_ok',
});
const held = { holdId: '019b76da-a800-7000-8000-000000000002' };

it('books the room', () => {
  const saga = sagaTest(bookStaySaga).start(aStay());
  saga.reply(holdRoom, held).reply(chargeCard).reply(confirmBooking);
  saga.expectStatus('COMPLETED');
});

it('gives the room back when the card is declined', () => {
  const saga = sagaTest(bookStaySaga).start(aStay()).reply(holdRoom, held);
  saga.refuse(chargeCard, 'card-declined');
  saga.compensate(releaseRoom, cancelBooking).expectStatus('COMPENSATED');
});

it('gives the room back also when nobody knows whether it was held', () => {
  const saga = sagaTest(bookStaySaga).start(aStay());
  saga
    .silence(holdRoom)
    .expectStep('room', 'COMPENSATING')
    .expectCommands(holdRoom, holdRoom, holdRoom, holdRoom, holdRoom, releaseRoom);
});

it('never guesses whether a card was charged', () => {
  const saga = sagaTest(bookStaySaga).start(aStay()).reply(holdRoom, held);
  saga.silence(chargeCard).expectStatus('PAUSED');
});
