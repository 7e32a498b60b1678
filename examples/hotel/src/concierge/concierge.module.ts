import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ParticipantModule, participantMigrations } from '@palinode/saga/participant';
import { cancelBreakfast, cancelTaxi, orderTaxi, reserveBreakfast } from '../group-contracts.js';
import { ConciergeCommands } from './concierge-commands.js';
import { CreateArrangements1763700000004 } from './create-arrangements.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    TypeOrmModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        type: 'postgres',
        url: config.getOrThrow<string>('DATABASE_URL'),
        migrations: [...participantMigrations, CreateArrangements1763700000004],
        migrationsRun: true,
      }),
    }),
    ParticipantModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        service: 'concierge',
        commands: [reserveBreakfast, cancelBreakfast, orderTaxi, cancelTaxi],
        kafka: { brokers: config.getOrThrow<string>('KAFKA_BROKERS').split(',') },
      }),
    }),
  ],
  controllers: [ConciergeCommands],
})
export class ConciergeModule {}
