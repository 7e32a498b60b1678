import { startService } from '@palinode/service';
import { OrderModule } from './order-module';

void startService({ name: 'order', module: (environment) => OrderModule.with(environment), participant: true });
