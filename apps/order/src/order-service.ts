import type { ServiceOptions } from '@palinode/service';
import { OrderEnvironment } from './order-environment';
import { OrderModule } from './order-module';

/** The order service, without the door and the readiness of its process. It hears of outages as a subscriber. */
export const orderService: ServiceOptions<OrderEnvironment> = {
  name: 'order',
  environment: OrderEnvironment,
  module: (environment) => OrderModule.with(environment),
  participant: true,
  subscriber: true,
  servesWithoutBroker: true,
};
