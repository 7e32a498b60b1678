import { startService } from '@palinode/service';
import { InventoryModule } from './inventory-module';

void startService({ name: 'inventory', module: (environment) => InventoryModule.with(environment), participant: true });
