import { defineEvent } from '@palinode/saga/contract';
import { OfBooking } from '../contracts.js';

export const bookingConfirmed = defineEvent('booking.confirmed', {
  payload: OfBooking,
  subject: ({ bookingId }) => bookingId,
});
