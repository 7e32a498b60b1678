import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName } from '@palinode/test-support/shop/services';
import { waitUntil } from '@palinode/test-support/wait-until';
import type { Shop } from '../shop/shop';

export interface Backlog {
  readonly orders: number;
  /** How long it took to take them while the participant was down. */
  readonly piledUpSeconds: number;
  /** From the start of the participant until no order was PENDING any more. */
  readonly drainSeconds: number;
  readonly approved: number;
  readonly rejected: number;
}

const AT_ONCE = 32;

/** Takes so many orders while a participant is down, starts it, and waits until all of them have ended. */
export async function pileUp(shop: Shop, participant: ServiceName, orders: number): Promise<Backlog> {
  const service = shop.stack.services[participant];
  const [approved, rejected] = [await shop.count('APPROVED'), await shop.count('REJECTED')];
  await service.kill();
  const beganAt = performance.now();
  let begun = 0;
  const customer = async (): Promise<void> => {
    while ((begun += 1) <= orders) while ((await shop.place()) === undefined) await pause(100);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, customer));
  const piledUpSeconds = (performance.now() - beganAt) / 1_000;
  const startedAt = performance.now();
  await service.restart();
  await shop.drained();
  const drainSeconds = (performance.now() - startedAt) / 1_000;
  await waitUntil('the shop to be ready', async () => shop.stack.ready().then(() => true), { deadlineMs: 60_000 });
  return {
    orders,
    piledUpSeconds,
    drainSeconds,
    approved: (await shop.count('APPROVED')) - approved,
    rejected: (await shop.count('REJECTED')) - rejected,
  };
}
