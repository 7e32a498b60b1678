import { startService } from '@palinode/service';
import { serveAvailability } from './availability/serve-availability';
import { InventoryEnvironment } from './inventory-environment';
import { InventoryModule } from './inventory.module';

void startService({
  name: 'inventory',
  environment: InventoryEnvironment,
  module: (environment) => InventoryModule.with(environment),
  participant: true,
  connect: serveAvailability,
});
