import type { ServiceOptions } from '@palinode/service';
import { OrderEnvironment } from './order-environment';
import { OrderModule } from './order.module';

/** The order service without the HTTP admission and readiness checks of its process. It subscribes to outages. */
export const orderService: ServiceOptions<OrderEnvironment> = {
  name: 'order',
  environment: OrderEnvironment,
  module: (environment) => OrderModule.with(environment),
  participant: true,
  subscriber: true,
  servesWithoutBroker: true,
};
