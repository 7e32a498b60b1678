import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ParticipantModule, participantMigrations } from '@palinode/saga/participant';
import { chargeCard } from '../contracts.js';
import { CardCommands, CardGateway } from './card-commands.js';
import { CreateCharges1763700000002 } from './create-charges.js';
import { DemoCardGateway } from './demo-card-gateway.js';

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env['DATABASE_URL'],
      migrations: [...participantMigrations, CreateCharges1763700000002],
      migrationsRun: true,
    }),
    ParticipantModule.forRoot({
      service: 'cards',
      commands: [chargeCard],
      kafka: { brokers: [process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9192'] },
    }),
  ],
  controllers: [CardCommands],
  providers: [{ provide: CardGateway, useClass: DemoCardGateway }],
})
export class CardsModule {}
