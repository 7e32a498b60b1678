import { explore } from '@palinode/saga/testing';
import { bookStaySaga } from './book-stay.js';
import { cancelBooking, chargeCard, confirmBooking, holdRoom, releaseRoom } from './contracts.js';

it('books the room, or leaves everything as it was, whatever happens', () => {
  explore(bookStaySaga)
    .world({ room: 'free', paid: 0, booking: 'pending' })
    .on(holdRoom, {
      reply: { holdId: '019b76da-a800-7000-8000-000000000002' },
      effect: (hotel) => ({ ...hotel, room: 'held' }),
    })
    .on(releaseRoom, { effect: (hotel) => ({ ...hotel, room: 'free' }) })
    .on(chargeCard, { effect: (hotel, { amountCents }) => ({ ...hotel, paid: hotel.paid + amountCents }) })
    .on(confirmBooking, { effect: (hotel) => ({ ...hotel, booking: 'confirmed' }) })
    .on(cancelBooking, { effect: (hotel) => ({ ...hotel, booking: 'cancelled' }) })
    .always('nobody pays twice', ({ paid }) => paid <= 12_000)
    .whenCompleted('the guest has the room', ({ room, paid }) => room === 'held' && paid === 12_000)
    .whenCompensated('it is as if nothing had been', ({ room, paid }) => room === 'free' && paid === 0)
    .start({
      bookingId: '019b76da-a800-7000-8000-000000000001',
      roomId: 'room-7',
      night: '2026-12-24',
      amountCents: 12_000,
      cardToken: 'tok_ok',
    })
    .expectNoBrokenPromise();
});
