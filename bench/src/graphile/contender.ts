import { freshDatabases } from '../bench-database';
import { driveLoad, startProcess, stopProcess, type Contender } from '../contender';
import { brokenInvariants, unlessCounted } from '../invariants';

export const GRAPHILE = 'Graphile Worker';
export const GRAPHILE_IN_GROUPS = 'Graphile Worker, orders in groups';

/** The nearest peer: durable jobs in PostgreSQL, without a broker and without services of their own. */
export async function startGraphile(adminUrl: string, place: 'singly' | 'groups'): Promise<Contender> {
  const urls = await freshDatabases(adminUrl, 'graphile', ['order', 'stock', 'payment'] as const);
  const child = await startProcess('graphile/worker.js', [], {
    DATABASE_URL_ORDER: urls.order,
    DATABASE_URL_STOCK: urls.stock,
    DATABASE_URL_PAYMENT: urls.payment,
    BENCH_PLACE: place,
  });
  return {
    name: place === 'groups' ? GRAPHILE_IN_GROUPS : GRAPHILE,
    pids: { worker: child.pid ?? 0 },
    load: (options) => driveLoad(child, options),
    check: async (sagas) => [
      ...(await brokenInvariants(urls, sagas)),
      ...(await unlessCounted('jobs at rest', urls.order, 'SELECT count(*) FROM graphile_worker._private_jobs', 0)),
    ],
    stop: () => stopProcess(child),
  };
}
