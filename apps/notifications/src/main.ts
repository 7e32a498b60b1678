import { startService } from '@palinode/service';
import { NotificationsModule } from './notifications.module';

void startService({
  name: 'notifications',
  module: (environment) => NotificationsModule.with(environment),
  subscriber: true,
});
