import { startService } from '@palinode/service';
import { PaymentModule } from './payment-module';

void startService({ name: 'payment', module: (environment) => PaymentModule.with(environment), participant: true });
