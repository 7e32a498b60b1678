/* The agency for tests: the effects of a trip's commands, and the promises that must hold. */
import type { SagaDefinition } from '../../src/definition';
import { explore, type Explorer } from '../../src/testing';
import {
  bookCar,
  bookExcursion,
  bookFlight,
  bookRoom,
  bookTransfer,
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
} from './contracts';

export interface Agency {
  readonly points: number;
  readonly outbound: number;
  readonly inbound: number;
  readonly insured: number;
  readonly rooms: number;
  readonly cars: number;
  readonly transfers: number;
  readonly excursions: number;
  readonly paidCents: number;
  readonly tickets: number;
  readonly vouchers: number;
  readonly trip: 'pending' | 'confirmed' | 'rejected';
}

const NOTHING: Agency = {
  points: 0,
  outbound: 0,
  inbound: 0,
  insured: 0,
  rooms: 0,
  cars: 0,
  transfers: 0,
  excursions: 0,
  paidCents: 0,
  tickets: 0,
  vouchers: 0,
  trip: 'pending',
};

export const aTrip = (part: Partial<BookTrip> = {}): BookTrip => ({
  tripId: 'trip-1',
  insured: true,
  nights: ['2026-07-01'],
  amountCents: 90_000,
  cardToken: 'tok_ok',
  ...part,
});

type Counted = Exclude<keyof Agency, 'trip'>;

const more =
  (what: Counted, by = 1) =>
  (agency: Agency): Agency => ({ ...agency, [what]: agency[what] + by });
const less = (what: Counted): ((agency: Agency) => Agency) => more(what, -1);

const isBooked = (agency: Agency): boolean =>
  agency.outbound === 1 && agency.inbound === 1 && agency.tickets === 1 && agency.vouchers === 1;
const isNothing = ({ trip: _trip, ...counts }: Agency): boolean => Object.values(counts).every((count) => count === 0);

/** An exploration of this definition of the trip: commands, signals, and the promises to the traveller. */
export function exploreTrip(definition: SagaDefinition<BookTrip>): Explorer<BookTrip, Agency> {
  return explore(definition)
    .world(NOTHING)
    .on(rejectTrip, { effect: (agency) => ({ ...agency, trip: 'rejected' }) })
    .on(confirmTrip, { effect: (agency) => ({ ...agency, trip: 'confirmed' }) })
    .on(reservePoints, { effect: more('points') })
    .on(returnPoints, { effect: less('points') })
    .on(bookFlight, {
      reply: { seat: '7A' },
      effect: (agency, { direction }) => more(direction === 'outbound' ? 'outbound' : 'inbound')(agency),
    })
    .on(cancelFlight, {
      effect: (agency, { direction }) => less(direction === 'outbound' ? 'outbound' : 'inbound')(agency),
    })
    .on(insure, { effect: more('insured') })
    .on(cancelInsurance, { effect: less('insured') })
    .on(bookRoom, { reply: { room: '12' }, effect: more('rooms') })
    .on(cancelRoom, { effect: less('rooms') })
    .on(bookCar, { effect: more('cars') })
    .on(cancelCar, { effect: less('cars') })
    .on(bookTransfer, { effect: more('transfers') })
    .on(cancelTransfer, { effect: less('transfers') })
    .on(bookExcursion, { effect: more('excursions') })
    .on(cancelExcursion, { effect: less('excursions') })
    .on(chargeTrip, { effect: (agency, { amountCents }) => more('paidCents', amountCents)(agency) })
    .on(issueTickets, { effect: more('tickets') })
    .on(issueVouchers, { effect: more('vouchers') })
    .signal(offerAnswered, { accepted: true, amountCents: 90_000 }, { accepted: true, amountCents: 1 })
    .always('nobody pays twice', ({ paidCents }) => paidCents <= 90_000)
    .always('nothing is cancelled that was not booked', ({ trip: _trip, ...counts }) =>
      Object.values(counts).every((count) => count >= 0),
    )
    .whenCompleted('the traveller has the trip', (agency) => isBooked(agency) && agency.paidCents === 90_000)
    .whenCompensated(
      'nothing is booked, and nothing paid',
      (agency) => isNothing(agency) && agency.trip === 'rejected',
    );
}
