import { Module } from '@nestjs/common';
import { ParticipantHealth, ParticipantModule, participantMigrations } from '@palinode/saga/participant';
import { approveOrder, orderApproved, rejectOrder } from '../contracts/index.js';
import { databaseModule } from '../service/database.js';
import { kafka } from '../service/environment.js';
import { HealthController, READINESS } from '../service/health.controller.js';
import { CreateOrders1770000000001 } from './create-orders.js';
import { OrdersCommands } from './orders.commands.js';
import { OrdersController } from './orders.controller.js';
import { Orders } from './orders.js';

@Module({
  imports: [
    databaseModule([...participantMigrations, CreateOrders1770000000001]),
    ParticipantModule.forRoot({
      service: 'orders',
      commands: [approveOrder, rejectOrder],
      events: [orderApproved],
      kafka,
    }),
  ],
  controllers: [HealthController, OrdersController, OrdersCommands],
  providers: [Orders, { provide: READINESS, useExisting: ParticipantHealth }],
})
export class OrdersModule {}
