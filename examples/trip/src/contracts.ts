/* What the services of a trip ask of each other. */
import { defineCommand, defineStart } from '@palinode/saga/contract';
import { IsString, IsUUID, Matches } from 'class-validator';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export class Trip {
  @IsUUID() tripId!: string;
  @IsString() city!: string;
  @Matches(DAY) day!: string;
}
export class OfTrip {
  @IsUUID() tripId!: string;
}
export class HotelBooked {
  @IsString() address!: string;
}
export class BookCar {
  @IsUUID() tripId!: string;
  @Matches(DAY) day!: string;
  @IsString() deliverTo!: string;
}

export const bookHotel = defineCommand('hotels.book-room', { payload: Trip, reply: HotelBooked });
export const cancelHotel = defineCommand('hotels.cancel-room', { payload: OfTrip });
export const bookCar = defineCommand('cars.book-car', { payload: BookCar });
export const cancelCar = defineCommand('cars.cancel-car', { payload: OfTrip });
export const bookFlight = defineCommand('flights.book-seat', { payload: Trip, refusals: ['sold-out'] });

export const bookTrip = defineStart('book-trip', { input: Trip, subject: ({ tripId }) => tripId });
