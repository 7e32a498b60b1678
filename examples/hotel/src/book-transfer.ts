import { defineSaga } from '@palinode/saga/definition';
import type { OfBooking } from './contracts.js';
import { bookTransfer, cancelTaxi, orderTaxi, type Taxi } from './group-contracts.js';
import { longRetries } from './retries.js';

const fromAirport = ({ input: { bookingId } }: { input: OfBooking }): Taxi => ({
  bookingId,
  direction: 'from-airport',
});
const toAirport = ({ input: { bookingId } }: { input: OfBooking }): Taxi => ({ bookingId, direction: 'to-airport' });

/** A child of `book-group`. It has no pivot, so it can be compensated after it has completed. */
export const bookTransferSaga = defineSaga({ ...bookTransfer, version: 1, defaults: { retry: longRetries } })
  .parallel((branch) => ({
    arrival: branch.compensatable({
      invoke: orderTaxi,
      payload: fromAirport,
      compensation: { invoke: cancelTaxi, payload: fromAirport },
    }),
    departure: branch.compensatable({
      invoke: orderTaxi,
      payload: toAirport,
      compensation: { invoke: cancelTaxi, payload: toAirport },
    }),
  }))
  .build();
