import { sagaTest } from '@palinode/saga/testing';
import { bookStaySaga } from './book-stay.js';
import { chargeCard, confirmBooking, holdRoom } from './contracts.js';

it('charges the card when the bank is back', () => {
  const saga = sagaTest(bookStaySaga).start({
    bookingId: '019b76da-a800-7000-8000-000000000001',
    roomId: 'room-7',
    night: '2026-12-24',
    amountCents: 12_000,
    cardToken: 'tok_ok',
  });
  saga.holds('cards').reply(holdRoom, { holdId: '019b76da-a800-7000-8000-000000000002' });
  saga.expectCommands().expectHeld('charge').passTime('9m').expectStatus('RUNNING');
  saga.releases('cards').reply(chargeCard).reply(confirmBooking).expectStatus('COMPLETED');
});
