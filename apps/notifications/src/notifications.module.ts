import { Module, type DynamicModule } from '@nestjs/common';
import { SubscriberModule } from '@palinode/saga/subscriber';
import { databaseModule, kafkaOf, type ServiceEnvironment } from '@palinode/service';
import { notificationsMigrations } from './database/migrations';
import { NotificationEvents } from './notifications/notification-events';
import { Notifications } from './notifications/notifications';
import { NotificationsController } from './notifications/notifications.controller';
import { LogNotificationProvider, NotificationProvider } from './notification-provider/notification-provider';

/** Notifies customers of their orders. It depends only on the order service's events. */
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
      providers: [Notifications, { provide: NotificationProvider, useClass: LogNotificationProvider }],
    };
  }
}
