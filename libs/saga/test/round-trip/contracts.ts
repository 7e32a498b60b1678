/* The commands and signals of a travel agency's booking. */
import { defineCommand, defineSignal, defineStart } from '../../src/contract';
import { IsArray, IsBoolean, IsInt, IsString, Matches, Min } from 'class-validator';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export class BookTrip {
  @IsString() tripId!: string;
  @IsBoolean() insured!: boolean;
  @IsArray() @Matches(DAY, { each: true }) nights!: string[];
  @IsInt() @Min(1) amountCents!: number;
  @IsString() cardToken!: string;
}

export class OfTrip {
  @IsString() tripId!: string;
}
export class RejectTrip {
  @IsString() tripId!: string;
  @IsString() reason!: string;
}
export class Flight {
  @IsString() tripId!: string;
  @IsString() direction!: string;
}
export class SeatBooked {
  @IsString() seat!: string;
}
export class Night {
  @IsString() tripId!: string;
  @Matches(DAY) night!: string;
}
export class RoomBooked {
  @IsString() room!: string;
}
export class ChargeTrip {
  @IsString() tripId!: string;
  @IsInt() @Min(1) amountCents!: number;
  @IsString() cardToken!: string;
}
export class IssueTickets {
  @IsString() tripId!: string;
  @IsArray() @IsString({ each: true }) seats!: string[];
}
export class IssueVouchers {
  @IsString() tripId!: string;
  @IsArray() @IsString({ each: true }) rooms!: string[];
}
/** An answer to one price; it does not count for any other price. */
export class OfferAnswer {
  @IsBoolean() accepted!: boolean;
  @IsInt() amountCents!: number;
}

export const rejectTrip = defineCommand('trips.reject', { payload: RejectTrip });
export const confirmTrip = defineCommand('trips.confirm', { payload: OfTrip });

export const reservePoints = defineCommand('loyalty.reserve-points', { payload: OfTrip, refusals: ['no-points'] });
export const returnPoints = defineCommand('loyalty.return-points', { payload: OfTrip });

export const bookFlight = defineCommand('flights.book', { payload: Flight, reply: SeatBooked, refusals: ['full'] });
export const cancelFlight = defineCommand('flights.cancel', { payload: Flight });
export const issueTickets = defineCommand('flights.issue-tickets', { payload: IssueTickets });

export const insure = defineCommand('insurance.insure', { payload: OfTrip });
export const cancelInsurance = defineCommand('insurance.cancel', { payload: OfTrip });

export const bookRoom = defineCommand('hotels.book-room', { payload: Night, reply: RoomBooked, refusals: ['full'] });
export const cancelRoom = defineCommand('hotels.cancel-room', { payload: Night });
export const issueVouchers = defineCommand('hotels.issue-vouchers', { payload: IssueVouchers });

export const bookCar = defineCommand('cars.book', { payload: OfTrip, refusals: ['no-car'] });
export const cancelCar = defineCommand('cars.cancel', { payload: OfTrip });

export const bookTransfer = defineCommand('transfers.book', { payload: OfTrip });
export const cancelTransfer = defineCommand('transfers.cancel', { payload: OfTrip });

export const bookExcursion = defineCommand('excursions.book', { payload: OfTrip, refusals: ['full'] });
export const cancelExcursion = defineCommand('excursions.cancel', { payload: OfTrip });

export const chargeTrip = defineCommand('payments.charge', { payload: ChargeTrip, refusals: ['card-declined'] });

/** The traveller accepts or declines the offer. */
export const offerAnswered = defineSignal('offer-answered', { payload: OfferAnswer });

export const bookTrip = defineStart('book-trip', { input: BookTrip, subject: ({ tripId }) => tripId });
