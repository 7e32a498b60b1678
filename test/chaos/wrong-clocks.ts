/* Services whose clocks are an hour ahead or behind, and jump during the run. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { serviceNames, type ServiceName } from '@palinode/test-support/shop/services';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { Groups } from './groups';
import { printLine } from './print-line';
import type { ShopUnderLoad } from './shop-under-load';

const HOUR = 3_600_000;
/** Twice the session timeout of a group. */
const TWO_SESSIONS_MS = 4_000;
const TOPICS: readonly (readonly [string, string])[] = [
  ['payment', 'payment.commands'],
  ['inventory', 'inventory.commands'],
  ['order', 'order.commands'],
  ['orchestrator', 'orchestrator.commands'],
];

/** The environment variables that give services a settable clock. */
export function settableClocks(directory: string): Record<string, string> {
  mkdirSync(directory, { recursive: true });
  return { CLOCKS: directory, NODE_OPTIONS: `--require ${resolve('test/chaos/clock-of-a-service.js')}` };
}

/**
 * Sets the clocks of all services this many times, alternately an hour ahead and behind, and correct at the end.
 * Returns the number of observed jumps.
 */
export async function setClocksWrong(shop: ShopUnderLoad, directory: string, times: number): Promise<number> {
  let jumps = 0;
  const { stack } = shop.shop;
  await shop.during('jumping clocks', async (load) => {
    for (let n = 0; n <= times; n += 1) {
      for (const [index, name] of serviceNames.entries()) {
        const offMs = n === times ? 0 : (index + n) % 2 === 0 ? HOUR : -HOUR;
        await setClock(directory, name, stack.services[name].pid, offMs);
        jumps += 1;
      }
      const setAt = performance.now();
      do await shop.moreOrders(load, 10);
      while (performance.now() - setAt < TWO_SESSIONS_MS);
    }
  });
  const groups = await Groups.of(stack.brokers);
  try {
    for (const [group, topic] of TOPICS) await groups.areDone(group, topic);
  } finally {
    await groups.close();
  }
  printLine(`  ${jumps} jumps`);
  return jumps;
}

/** Resolves when the service's clock verifiably has this offset. */
async function setClock(directory: string, name: ServiceName, pid: number | undefined, offMs: number): Promise<void> {
  writeFileSync(join(directory, name), String(offMs));
  const seen = (): number => Number(readFileSync(join(directory, `${name}.${pid}`), 'utf8'));
  process.kill(pid as number, 'SIGUSR2');
  await waitUntil(`the clock of ${name} to be off`, () => Math.abs(seen() - Date.now() - offMs) < HOUR / 2);
}
