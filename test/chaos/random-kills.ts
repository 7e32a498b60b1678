import { setTimeout as sleep } from 'node:timers/promises';
import { serviceNames, type ServiceName } from '@palinode/test-support/shop/services';
import type { Stack } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { seededRandom, shuffled } from './seeded-random';

export interface Kills {
  /** The number of running processes that SIGKILL ended, by service. */
  readonly byService: Readonly<Record<ServiceName, number>>;
  /** The number of them that were not ready yet: starting, migrating or joining their group. */
  readonly starting: number;
}

/** The share of kills before the service is ready again. Never two in a row, or no work would get done. */
const EARLY = 0.3;

/**
 * Kills services in random order at random moments, each as often as the others, with `meanMs` between two kills. A
 * kill counts when it ended the process.
 */
export async function killAtRandom(
  stack: Stack,
  { seed, kills, meanMs }: { seed: number; kills: number; meanMs: number },
): Promise<Kills> {
  const random = seededRandom(seed);
  const byService = Object.fromEntries(serviceNames.map((name) => [name, 0])) as Record<ServiceName, number>;
  const waiting: ServiceName[] = [];
  const early = new Set<ServiceName>();
  let starting = 0;
  for (let n = 0; n < kills; n += 1) {
    if (waiting.length === 0) waiting.push(...shuffled(random, serviceNames));
    const name = waiting.shift() as ServiceName;
    const service = stack.services[name];
    if (early.has(name) || random() >= EARLY) await service.ready(120_000);
    await sleep(2 * meanMs * random());
    const isReady = await answers(service.url);
    const pid = await waitUntil(`${name} to run`, () => service.pid);
    process.kill(pid, 'SIGKILL');
    await waitUntil(`${name} to end`, () => service.pid !== pid, { everyMs: 5 });
    if (isReady) early.delete(name);
    else early.add(name);
    starting += isReady ? 0 : 1;
    byService[name] += 1;
  }
  return { byService, starting };
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`, { signal: AbortSignal.timeout(500) }).then(
    ({ ok }) => ok,
    () => false,
  );
}
