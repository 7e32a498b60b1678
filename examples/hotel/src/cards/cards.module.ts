import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ParticipantModule, participantMigrations } from '@palinode/saga/participant';
import { chargeCard } from '../contracts.js';
import { CardCommands, CardGateway } from './card-commands.js';
import { CreateCharges1763700000002 } from './create-charges.js';
import { DemoCardGateway } from './demo-card-gateway.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    TypeOrmModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        type: 'postgres',
        url: config.getOrThrow<string>('DATABASE_URL'),
        migrations: [...participantMigrations, CreateCharges1763700000002],
        migrationsRun: true,
      }),
    }),
    ParticipantModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        service: 'cards',
        commands: [chargeCard],
        kafka: { brokers: config.getOrThrow<string>('KAFKA_BROKERS').split(',') },
      }),
    }),
  ],
  controllers: [CardCommands],
  providers: [{ provide: CardGateway, useClass: DemoCardGateway }],
})
export class CardsModule {}
