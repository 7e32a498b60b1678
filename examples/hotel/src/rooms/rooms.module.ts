import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ParticipantModule, participantMigrations, PipelinedClient } from '@palinode/saga/participant';
import { holdRoom, releaseRoom } from '../contracts.js';
import { CreateHolds1763700000001 } from './create-holds.js';
import { RoomCommands } from './room-commands.js';

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env['DATABASE_URL'],
      migrations: [...participantMigrations, CreateHolds1763700000001],
      migrationsRun: true,
      // Statements that are issued side by side leave in one write; worth having, not required.
      extra: { Client: PipelinedClient },
    }),
    ParticipantModule.forRoot({
      service: 'rooms',
      commands: [holdRoom, releaseRoom],
      kafka: { brokers: [process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9192'] },
    }),
  ],
  controllers: [RoomCommands],
})
export class RoomsModule {}
