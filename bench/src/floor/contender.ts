import { freshDatabases } from '../bench-database';
import { driveLoad, startProcess, stopProcess, type Contender } from '../contender';
import { brokenInvariants } from '../invariants';

export const FLOOR = 'floor';

export async function startFloor(adminUrl: string): Promise<Contender> {
  const urls = await freshDatabases(adminUrl, 'floor', ['order', 'stock', 'payment'] as const);
  const child = await startProcess('floor/floor.js', [], {
    DATABASE_URL_ORDER: urls.order,
    DATABASE_URL_STOCK: urls.stock,
    DATABASE_URL_PAYMENT: urls.payment,
  });
  return {
    name: FLOOR,
    pids: { floor: child.pid ?? 0 },
    load: (options) => driveLoad(child, options),
    check: (sagas) => brokenInvariants(urls, sagas),
    stop: () => stopProcess(child),
  };
}
