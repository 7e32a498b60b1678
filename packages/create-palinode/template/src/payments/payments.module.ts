import { Module } from '@nestjs/common';
import { ParticipantHealth, ParticipantModule, participantMigrations } from '@palinode/saga/participant';
import { chargeCard } from '../contracts/index.js';
import { databaseModule } from '../service/database.js';
import { kafka } from '../service/environment.js';
import { HealthController, READINESS } from '../service/health.controller.js';
import { CardGateway } from './card-gateway.js';
import { CreateCharges1770000000003 } from './create-charges.js';
import { PaymentsCommands } from './payments.commands.js';

@Module({
  imports: [
    databaseModule([...participantMigrations, CreateCharges1770000000003]),
    ParticipantModule.forRoot({ service: 'payments', commands: [chargeCard], kafka }),
  ],
  controllers: [HealthController, PaymentsCommands],
  providers: [CardGateway, { provide: READINESS, useExisting: ParticipantHealth }],
})
export class PaymentsModule {}
