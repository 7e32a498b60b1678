import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ParticipantModule, participantMigrations } from '@palinode/saga/participant';
import { cancelBooking, confirmBooking } from '../contracts.js';
import { BookingCommands } from './booking-commands.js';
import { Bookings } from './bookings.js';
import { BookingsController } from './bookings.controller.js';
import { CreateBookings1763700000003 } from './create-bookings.js';

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env['DATABASE_URL'],
      migrations: [...participantMigrations, CreateBookings1763700000003],
      migrationsRun: true,
    }),
    ParticipantModule.forRoot({
      service: 'booking',
      commands: [confirmBooking, cancelBooking],
      kafka: { brokers: [process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9192'] },
    }),
  ],
  controllers: [BookingsController, BookingCommands],
  providers: [Bookings],
})
export class BookingModule {}
