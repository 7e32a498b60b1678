import { explore, sagaTest } from '@palinode/saga/testing';
import { bookTripSaga } from './book-trip.js';
import { bookCar, bookFlight, bookHotel, cancelCar, cancelHotel, type Trip } from './contracts.js';

const aTrip: Trip = { tripId: '019b76da-a800-7000-8000-000000000001', city: 'Lisbon', day: '2026-12-24' };
const hotel = { address: '1 Main Square, Lisbon' };

it('books a hotel, a car that waits there, and a flight', () => {
  const saga = sagaTest(bookTripSaga).start(aTrip).reply(bookHotel, hotel);
  expect(saga.awaited(bookCar).payload).toMatchObject({ deliverTo: hotel.address });
  saga.reply(bookCar).reply(bookFlight).expectStatus('COMPLETED');
});

it('cancels the car and the hotel when the flight is sold out', () => {
  const saga = sagaTest(bookTripSaga).start(aTrip).reply(bookHotel, hotel).reply(bookCar);
  saga.refuse(bookFlight, 'sold-out').compensate(cancelCar, cancelHotel).expectStatus('COMPENSATED');
});

it('books the whole trip or nothing, whatever happens', () => {
  explore(bookTripSaga)
    .world({ rooms: 0, cars: 0, seats: 0 })
    .on(bookHotel, { reply: hotel, effect: (world) => ({ ...world, rooms: world.rooms + 1 }) })
    .on(cancelHotel, { effect: (world) => ({ ...world, rooms: world.rooms - 1 }) })
    .on(bookCar, { effect: (world) => ({ ...world, cars: world.cars + 1 }) })
    .on(cancelCar, { effect: (world) => ({ ...world, cars: world.cars - 1 }) })
    .on(bookFlight, { effect: (world) => ({ ...world, seats: world.seats + 1 }) })
    .whenCompleted('all is booked once', ({ rooms, cars, seats }) => rooms === 1 && cars === 1 && seats === 1)
    .whenCompensated('nothing is booked', ({ rooms, cars, seats }) => rooms === 0 && cars === 0 && seats === 0)
    .start(aTrip)
    .expectNoBrokenPromise();
});
