/* A saga of fifteen steps that uses every feature of a definition except child sagas. */
import { defineSaga } from '../../src/definition';
import {
  bookCar,
  bookExcursion,
  bookFlight,
  bookRoom,
  bookTransfer,
  bookTrip,
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
  type OfTrip,
} from './contracts';

const ofTrip = ({ input }: { input: BookTrip }): OfTrip => ({ tripId: input.tripId });

export const bookTripSaga = defineSaga({ ...bookTrip, version: 1, deadline: '3d' })
  .compensation('trip', {
    invoke: rejectTrip,
    payload: ({ input, cause }) => ({ tripId: input.tripId, reason: cause.reason }),
  })
  .compensatable('points', {
    invoke: reservePoints,
    payload: ofTrip,
    compensation: { invoke: returnPoints, payload: ofTrip },
  })
  .parallel((branch) => ({
    outbound: branch.compensatable({
      invoke: bookFlight,
      payload: ({ input }) => ({ tripId: input.tripId, direction: 'outbound' }),
      compensation: {
        invoke: cancelFlight,
        payload: ({ input }) => ({ tripId: input.tripId, direction: 'outbound' }),
      },
    }),
    inbound: branch.compensatable({
      invoke: bookFlight,
      payload: ({ input }) => ({ tripId: input.tripId, direction: 'inbound' }),
      compensation: { invoke: cancelFlight, payload: ({ input }) => ({ tripId: input.tripId, direction: 'inbound' }) },
    }),
  }))
  .when(
    ({ input }) => input.insured,
    (saga) =>
      saga.compensatable('insurance', {
        invoke: insure,
        payload: ofTrip,
        compensation: { invoke: cancelInsurance, payload: ofTrip },
      }),
  )
  .forEach(
    'nights',
    ({ input }) => input.nights,
    (each) =>
      each.compensatable({
        invoke: bookRoom,
        payload: ({ input, item }) => ({ tripId: input.tripId, night: item }),
        compensation: { invoke: cancelRoom, payload: ({ input, item }) => ({ tripId: input.tripId, night: item }) },
      }),
  )
  .compensatable('car', {
    invoke: bookCar,
    payload: ofTrip,
    compensation: { invoke: cancelCar, payload: ofTrip },
  })
  .compensatable('transfer', {
    invoke: bookTransfer,
    payload: ofTrip,
    compensation: { invoke: cancelTransfer, payload: ofTrip },
  })
  .compensatable('excursion', {
    invoke: bookExcursion,
    payload: ofTrip,
    compensation: { invoke: cancelExcursion, payload: ofTrip },
  })
  .wait('offer', {
    signal: offerAnswered,
    timeout: '2d',
    otherwise: ({ input }) => ({ accepted: false, amountCents: input.amountCents }),
    refusal: ({ signal, input }) =>
      signal.accepted && signal.amountCents === input.amountCents ? undefined : 'offer-declined',
  })
  .pivot('payment', {
    invoke: chargeTrip,
    payload: ({ input: { tripId, amountCents, cardToken } }) => ({ tripId, amountCents, cardToken }),
  })
  .retriable('tickets', {
    invoke: issueTickets,
    payload: ({ input, outbound, inbound }) => ({ tripId: input.tripId, seats: [outbound.seat, inbound.seat] }),
  })
  .retriable('vouchers', {
    invoke: issueVouchers,
    payload: ({ input, nights }) => ({ tripId: input.tripId, rooms: nights.map(({ room }) => room) }),
  })
  .retriable('confirmation', { invoke: confirmTrip, payload: ofTrip })
  .build();
