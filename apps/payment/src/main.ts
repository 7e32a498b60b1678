import { startService } from '@palinode/service';
import { PaymentEnvironment } from './payment-environment';
import { PaymentModule } from './payment.module';

void startService({
  name: 'payment',
  environment: PaymentEnvironment,
  module: (environment) => PaymentModule.with(environment),
  participant: true,
});
