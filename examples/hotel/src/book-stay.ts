import { defineSaga } from '@palinode/saga/definition';
import { bookStay, cancelBooking, chargeCard, confirmBooking, holdRoom, releaseRoom } from './contracts.js';

export const bookStaySaga = defineSaga({ ...bookStay, version: 1, deadline: '10m' })
  .compensation('booking', {
    invoke: cancelBooking,
    payload: ({ input, cause }) => ({
      bookingId: input.bookingId,
      // A refusal's reason is for the guest; what went wrong inside is not.
      reason: cause.kind === 'refusal' ? cause.reason : 'not-available',
    }),
  })
  .compensatable('room', {
    invoke: holdRoom,
    payload: ({ input: { bookingId, roomId, night } }) => ({ bookingId, roomId, night }),
    compensation: { invoke: releaseRoom, payload: ({ input: { bookingId, roomId } }) => ({ bookingId, roomId }) },
  })
  .pivot('charge', {
    invoke: chargeCard,
    payload: ({ input: { bookingId, amountCents, cardToken } }) => ({ bookingId, amountCents, cardToken }),
  })
  .retriable('confirmation', {
    invoke: confirmBooking,
    payload: ({ input }) => ({ bookingId: input.bookingId }),
  })
  .build();
