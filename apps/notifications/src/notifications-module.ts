import { Module, type DynamicModule } from '@nestjs/common';
import { SubscriberModule } from '@palinode/saga/subscriber';
import { databaseModule, kafkaOf, type ServiceEnvironment } from '@palinode/service';
import { notificationsMigrations } from './database/migrations';
import { NotificationEvents } from './notifications/notification-events';
import { Notifications } from './notifications/notifications';
import { NotificationsController } from './notifications/notifications-controller';
import { LogPostbox } from './postbox/log-postbox';
import { Postbox } from './postbox/postbox';

/** Tells customers what becomes of their orders; it knows the events of the order service, and nothing else of it. */
@Module({})
export class NotificationsModule {
  static with(environment: ServiceEnvironment): DynamicModule {
    return {
      module: NotificationsModule,
      imports: [
        databaseModule({ environment, service: 'notifications', migrations: notificationsMigrations }),
        SubscriberModule.forRoot({
          group: 'notifications',
          kafka: kafkaOf(environment),
        }),
      ],
      controllers: [NotificationsController, NotificationEvents],
      providers: [Notifications, { provide: Postbox, useClass: LogPostbox }],
    };
  }
}
