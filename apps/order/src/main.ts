import { startService } from '@palinode/service';
import { OrderEnvironment } from './order-environment';
import { OrderModule } from './order-module';

void startService({
  name: 'order',
  environment: OrderEnvironment,
  module: (environment) => OrderModule.with(environment),
  participant: true,
});
