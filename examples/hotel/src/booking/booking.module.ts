import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ParticipantModule, participantMigrations } from '@palinode/saga/participant';
import { cancelBooking, confirmBooking } from '../contracts.js';
import { BookingCommands } from './booking-commands.js';
import { bookingConfirmed } from './booking-events.js';
import { Bookings } from './bookings.js';
import { BookingsController } from './bookings.controller.js';
import { CreateBookings1763700000003 } from './create-bookings.js';
import { GroupsController } from './groups.controller.js';
import { Groups } from './groups.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    TypeOrmModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        type: 'postgres',
        url: config.getOrThrow<string>('DATABASE_URL'),
        migrations: [...participantMigrations, CreateBookings1763700000003],
        migrationsRun: true,
      }),
    }),
    ParticipantModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        service: 'booking',
        commands: [confirmBooking, cancelBooking],
        events: [bookingConfirmed],
        kafka: { brokers: config.getOrThrow<string>('KAFKA_BROKERS').split(',') },
      }),
    }),
  ],
  controllers: [BookingsController, GroupsController, BookingCommands],
  providers: [Bookings, Groups],
})
export class BookingModule {}
