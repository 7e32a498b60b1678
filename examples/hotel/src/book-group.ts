import { defineSaga } from '@palinode/saga/definition';
import { bookTransferSaga } from './book-transfer.js';
import { cancelBooking, chargeCard, confirmBooking, holdRoom, releaseRoom } from './contracts.js';
import { bookGroup, cancelBreakfast, guestConsent, reserveBreakfast } from './group-contracts.js';
import { steadyRetries } from './retries.js';

export const bookGroupSaga = defineSaga({ ...bookGroup, version: 1, deadline: '2d' })
  .compensation('booking', {
    invoke: cancelBooking,
    payload: ({ input, cause }) => ({
      bookingId: input.bookingId,
      reason: cause.kind === 'refusal' ? cause.reason : 'not-available',
    }),
  })
  .forEach(
    'rooms',
    ({ input }) => input.roomIds,
    (each) =>
      each.compensatable({
        invoke: holdRoom,
        payload: ({ input: { bookingId, night }, item }) => ({ bookingId, roomId: item, night }),
        compensation: {
          invoke: releaseRoom,
          payload: ({ input: { bookingId }, item }) => ({ bookingId, roomId: item }),
        },
      }),
    { concurrency: 5 },
  )
  .when(
    ({ input }) => input.breakfast,
    (saga) =>
      saga.compensatable('breakfast', {
        invoke: reserveBreakfast,
        payload: ({ input, rooms }) => ({ bookingId: input.bookingId, guests: rooms.length }),
        compensation: { invoke: cancelBreakfast, payload: ({ input }) => ({ bookingId: input.bookingId }) },
      }),
  )
  .child('transfer', { saga: bookTransferSaga, input: ({ input }) => ({ bookingId: input.bookingId }) })
  .wait('consent', {
    signal: guestConsent,
    timeout: '1d',
    otherwise: ({ input }) => ({ given: false, amountCents: input.amountCents }),
    refusal: ({ signal, input }) =>
      signal.given && signal.amountCents === input.amountCents ? undefined : 'no-consent',
  })
  .pivot('charge', {
    invoke: chargeCard,
    payload: ({ input: { bookingId, amountCents, cardToken } }) => ({ bookingId, amountCents, cardToken }),
  })
  .retriable('confirmation', {
    invoke: confirmBooking,
    payload: ({ input }) => ({ bookingId: input.bookingId }),
    retry: steadyRetries,
  })
  .build();
