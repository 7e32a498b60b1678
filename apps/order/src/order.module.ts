import { Module, type DynamicModule } from '@nestjs/common';
import {
  beginRevision,
  commitRevision,
  confirmOrder,
  dropCancellation,
  dropRevision,
  endRevision,
  finishCancellation,
  finishRevision,
  orderApproved,
  orderCancelled,
  orderPlaced,
  orderRejected,
  orderRevised,
  rejectOrder,
} from '@palinode/contracts';
import { ParticipantModule } from '@palinode/saga/participant';
import { SubscriberModule } from '@palinode/saga/subscriber';
import { databaseModule, handlerTimeoutOf, kafkaOf } from '@palinode/service';
import { Admission } from './admission/admission';
import { PendingOrders } from './admission/pending-orders';
import { Availability, createAvailability } from './availability/availability';
import { CancellationCommands } from './cancelling/cancellation-commands';
import { CancellingController } from './cancelling/cancelling.controller';
import { OrderCancelling } from './cancelling/order-cancelling';
import { Catalogue } from './catalogue/catalogue';
import { CatalogueController } from './catalogue/catalogue.controller';
import { orderMigrations } from './database/migrations';
import { EventStreams } from './following/event-streams';
import { FollowingController } from './following/following.controller';
import { OrderHistory } from './following/order-history';
import { IdempotencyKeys } from './idempotency/idempotency-keys';
import { OrderChangeNotifier, OrderChangeSubscription } from './change-notifications/order-change-notifier';
import { OrderEnvironment } from './order-environment';
import { OrderCommands } from './orders/order-commands';
import { Orders } from './orders/orders';
import { OrdersController } from './orders/orders.controller';
import { OutageEvents } from './outages/outage-events';
import { Outages } from './outages/outages';
import { OrderPlacing } from './placing/order-placing';
import { OrderWriter } from './placing/order-writer';
import { PlacingController } from './placing/placing.controller';
import { OrderRevising } from './revising/order-revising';
import { Retention } from './retention/retention';
import { RevisingController } from './revising/revising.controller';
import { RevisionCommands } from './revising/revision-commands';
import { Revisions } from './revising/revisions';
import { OrderOutcomes } from './waiting/order-outcomes';
import { WebhookController } from './webhooks/webhook.controller';
import { webhookProviders } from './webhooks/webhook-providers';

@Module({})
export class OrderModule {
  static with(environment: OrderEnvironment): DynamicModule {
    const { ORDERS_AT_ONCE: atOnce, PENDING_ORDERS: pending, PENDING_ORDERS_IN_OUTAGE: inOutage } = environment;
    return {
      module: OrderModule,
      imports: [
        databaseModule({ environment, service: 'order', migrations: orderMigrations }),
        ParticipantModule.forRoot({
          service: 'order',
          commands: [
            confirmOrder,
            rejectOrder,
            finishCancellation,
            dropCancellation,
            beginRevision,
            commitRevision,
            endRevision,
            dropRevision,
            finishRevision,
          ],
          events: [orderPlaced, orderApproved, orderRejected, orderCancelled, orderRevised],
          kafka: kafkaOf(environment),
          handlerTimeout: handlerTimeoutOf(environment),
          resendAfterMs: environment.START_RESEND_MS,
        }),
        SubscriberModule.forRoot({ group: 'order-outages', kafka: kafkaOf(environment) }),
      ],
      controllers: [
        CatalogueController,
        PlacingController,
        CancellingController,
        RevisingController,
        OrdersController,
        FollowingController,
        WebhookController,
        OrderCommands,
        CancellationCommands,
        RevisionCommands,
        OutageEvents,
      ],
      providers: [
        { provide: OrderEnvironment, useValue: environment },
        {
          provide: PendingOrders,
          useFactory: (orders: Orders) => new PendingOrders(() => orders.countPending()),
          inject: [Orders],
        },
        {
          provide: Admission,
          useFactory: (orders: PendingOrders, outages: Outages) =>
            new Admission(orders, { atOnce, pending, inOutage }, () => outages.current !== undefined),
          inject: [PendingOrders, Outages],
        },
        { provide: Availability, useFactory: () => createAvailability(environment) },
        Catalogue,
        IdempotencyKeys,
        OrderCancelling,
        OrderPlacing,
        OrderWriter,
        OrderRevising,
        Orders,
        OrderOutcomes,
        OrderChangeNotifier,
        OrderChangeSubscription,
        OrderHistory,
        Outages,
        EventStreams,
        Retention,
        Revisions,
        ...webhookProviders(environment),
      ],
    };
  }
}
