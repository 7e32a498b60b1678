import { refuse } from '@palinode/saga/contract';
import { exploreTogether } from '@palinode/saga/testing';
import { bookGroupSaga } from './book-group.js';
import { bookStaySaga } from './book-stay.js';
import { chargeCard, holdRoom, releaseRoom } from './contracts.js';
import { guestConsent } from './group-contracts.js';

const group = '019b76da-a800-7000-8000-000000000001';
const guest = '019b76da-a800-7000-8000-000000000002';
const bill = { night: '2026-12-24', amountCents: 12_000, cardToken: 'tok_ok' };

it('lets only the one who has the room pay when a group and a guest want the same room', () => {
  exploreTogether()
    .world({ room: 'free', paid: [] as readonly string[] })
    .on(holdRoom, {
      reply: { holdId: '019b76da-a800-7000-8000-000000000003' },
      effect: (hotel, { bookingId }) => (hotel.room === 'free' ? { ...hotel, room: bookingId } : refuse('room-taken')),
    })
    .on(releaseRoom, {
      effect: (hotel, { bookingId }) => (hotel.room === bookingId ? { ...hotel, room: 'free' } : hotel),
    })
    .on(chargeCard, { effect: (hotel, { bookingId }) => ({ ...hotel, paid: [...hotel.paid, bookingId] }) })
    .request('the group', bookGroupSaga, (hotel) => ({
      world: hotel,
      input: { bookingId: group, roomIds: ['room-7'], breakfast: false, ...bill },
    }))
    .response('agrees', 'the group', guestConsent, (hotel) => ({
      world: hotel,
      payload: { given: true, amountCents: bill.amountCents },
    }))
    .request('the guest', bookStaySaga, (hotel) => ({
      world: hotel,
      input: { bookingId: guest, roomId: 'room-7', ...bill },
    }))
    .always('who pays has the room', ({ room, paid }) => paid.every((bookingId) => bookingId === room))
    .start({ disturbances: 1 })
    .expectNoBrokenPromise({ disturbances: 1 });
});
