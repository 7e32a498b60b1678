/* Small sagas of every shape: conditions, items, signals and children, for the tests of this library. */
import { IsArray, IsBoolean, IsString } from 'class-validator';
import { defineCommand, defineSignal } from '../src/contract';
import { defineSaga, exponential } from '../src/definition';

export class Trip {
  @IsString() tripId!: string;
  @IsBoolean() insured!: boolean;
  @IsArray() @IsString({ each: true }) legs!: string[];
}
export class Leg {
  @IsString() tripId!: string;
  @IsString() leg!: string;
}
export class Seat {
  @IsString() seat!: string;
}
export class TripOf {
  @IsString() tripId!: string;
}
export class Ticket {
  @IsString() tripId!: string;
  @IsArray() @IsString({ each: true }) seats!: string[];
}
export class Consent {
  @IsBoolean() given!: boolean;
}

export const bookSeat = defineCommand('rail.book-seat', { payload: Leg, reply: Seat, refusals: ['full'] });
export const freeSeat = defineCommand('rail.free-seat', { payload: Leg });
export const insure = defineCommand('bank.insure', { payload: TripOf, reply: Seat });
export const cancelInsurance = defineCommand('bank.cancel-insurance', { payload: TripOf });
export const issueTicket = defineCommand('rail.issue-ticket', { payload: Ticket, refusals: ['closed'] });
export const sendTicket = defineCommand('post.send-ticket', { payload: TripOf });
export const holdRoom = defineCommand('hotel.hold-room', { payload: TripOf, refusals: ['full'] });
export const freeRoom = defineCommand('hotel.free-room', { payload: TripOf });
export const consent = defineSignal('traveller-consent', { payload: Consent });

const tripOf = ({ input }: { input: { tripId: string } }): TripOf => ({ tripId: input.tripId });
const commandOptions = {
  timeout: '5s',
  retry: { attempts: 3, backoff: exponential('1s'), attentionAfter: 4 },
} as const;

/** Holds a room; a child of `bookTrip`. */
export const bookHotel = defineSaga({ name: 'book-hotel', version: 1, input: TripOf })
  .compensatable('room', {
    invoke: holdRoom,
    payload: tripOf,
    compensation: { invoke: freeRoom, payload: tripOf, ...commandOptions },
    ...commandOptions,
  })
  .build();

/** insurance (if wanted) → a seat for each leg, two at a time → the traveller's consent → hotel (child) → ticket → post. */
export const bookTrip = defineSaga({ name: 'book-trip', version: 1, input: Trip, deadline: '2d' })
  .when(
    ({ input }) => input.insured,
    (saga) =>
      saga.compensatable('insurance', {
        invoke: insure,
        payload: tripOf,
        compensation: { invoke: cancelInsurance, payload: tripOf, ...commandOptions },
        ...commandOptions,
      }),
  )
  .forEach(
    'seats',
    ({ input }) => input.legs,
    (each) =>
      each.compensatable({
        invoke: bookSeat,
        payload: ({ input, item }) => ({ tripId: input.tripId, leg: item }),
        compensation: {
          invoke: freeSeat,
          payload: ({ input, item }) => ({ tripId: input.tripId, leg: item }),
          ...commandOptions,
        },
        ...commandOptions,
      }),
    { concurrency: 2 },
  )
  .wait('consent', {
    signal: consent,
    timeout: '1d',
    otherwise: () => ({ given: false }),
    refusal: ({ signal }) => (signal.given ? undefined : 'no-consent'),
  })
  .child('hotel', { saga: bookHotel, input: tripOf })
  .pivot('ticket', {
    invoke: issueTicket,
    payload: ({ input, seats }) => ({ tripId: input.tripId, seats: seats.map(({ seat }) => seat) }),
    ...commandOptions,
  })
  .retriable('post', { invoke: sendTicket, payload: tripOf, ...commandOptions })
  .build();

export const aTrip = (part: Partial<Trip> = {}): Trip => ({
  tripId: 't-1',
  insured: false,
  legs: ['a', 'b', 'c'],
  ...part,
});
