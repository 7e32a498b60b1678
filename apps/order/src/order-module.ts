import { Module, type DynamicModule } from '@nestjs/common';
import { confirmOrder, orderApproved, orderPlaced, orderRejected, rejectOrder } from '@palinode/contracts';
import { ParticipantModule } from '@palinode/saga/participant';
import { databaseModule } from '@palinode/service';
import { askInventory } from './availability/ask-inventory';
import { Availability } from './availability/availability';
import { Catalogue } from './catalogue/catalogue';
import { CatalogueController } from './catalogue/catalogue-controller';
import { orderMigrations } from './database/migrations';
import { EventStreams } from './following/event-streams';
import { FollowingController } from './following/following-controller';
import { OrderHistory } from './following/order-history';
import { IdempotencyKeys } from './idempotency/idempotency-keys';
import { NewsOfInstances } from './news/news-of-instances';
import { OrderNews } from './news/order-news';
import { OrderEnvironment } from './order-environment';
import { OrderCommands } from './orders/order-commands';
import { Orders } from './orders/orders';
import { OrdersController } from './orders/orders-controller';
import { OrderPlacing } from './placing/order-placing';
import { PlacingController } from './placing/placing-controller';
import { OrderOutcomes } from './waiting/order-outcomes';

@Module({})
export class OrderModule {
  static with(environment: OrderEnvironment): DynamicModule {
    return {
      module: OrderModule,
      imports: [
        databaseModule({ environment, service: 'order', migrations: orderMigrations }),
        ParticipantModule.forRoot({
          service: 'order',
          commands: [confirmOrder, rejectOrder],
          events: [orderPlaced, orderApproved, orderRejected],
          kafka: { brokers: environment.KAFKA_BROKERS, partitions: environment.KAFKA_PARTITIONS },
        }),
      ],
      controllers: [CatalogueController, PlacingController, OrdersController, FollowingController, OrderCommands],
      providers: [
        { provide: OrderEnvironment, useValue: environment },
        { provide: Availability, useFactory: () => askInventory(environment) },

        Catalogue,
        IdempotencyKeys,
        OrderPlacing,
        Orders,
        OrderOutcomes,
        OrderNews,
        NewsOfInstances,
        OrderHistory,
        EventStreams,
      ],
    };
  }
}
