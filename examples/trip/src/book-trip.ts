import { defineSaga } from '@palinode/saga/definition';
import { bookCar, bookFlight, bookHotel, bookTrip, cancelCar, cancelHotel } from './contracts.js';

export const bookTripSaga = defineSaga({ ...bookTrip, version: 1, deadline: '10m' })
  .compensatable('hotel', {
    invoke: bookHotel,
    payload: ({ input }) => input,
    compensation: { invoke: cancelHotel, payload: ({ input: { tripId } }) => ({ tripId }) },
  })
  .compensatable('car', {
    invoke: bookCar,
    payload: ({ input: { tripId, day }, hotel }) => ({ tripId, day, deliverTo: hotel.address }),
    compensation: { invoke: cancelCar, payload: ({ input: { tripId } }) => ({ tripId }) },
  })
  // A ticket cannot be returned, so it is bought last.
  .pivot('flight', { invoke: bookFlight, payload: ({ input }) => input })
  .build();
