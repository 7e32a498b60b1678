import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ParticipantModule, participantMigrations, PipelinedClient } from '@palinode/saga/participant';
import { holdRoom, releaseRoom } from '../contracts.js';
import { CreateHolds1763700000001 } from './create-holds.js';
import { RoomCommands } from './room-commands.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    TypeOrmModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        type: 'postgres',
        url: config.getOrThrow<string>('DATABASE_URL'),
        migrations: [...participantMigrations, CreateHolds1763700000001],
        migrationsRun: true,
        // Statements that are issued side by side leave in one write; worth having, not required.
        extra: { Client: PipelinedClient },
      }),
    }),
    // #region participant
    ParticipantModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        service: 'rooms',
        commands: [holdRoom, releaseRoom],
        kafka: { brokers: config.getOrThrow<string>('KAFKA_BROKERS').split(',') },
      }),
    }),
    // #endregion
  ],
  controllers: [RoomCommands],
})
export class RoomsModule {}
