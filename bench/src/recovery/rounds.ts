import { serviceNames, type ServiceName } from '@palinode/test-support/shop/services';
import { GiveUp, waitUntil } from '@palinode/test-support/wait-until';
import { quantile } from '../measure/quantile';
import type { Shop } from '../shop/shop';

export type Part = ServiceName | 'PostgreSQL' | 'broker';
export const PARTS: readonly Part[] = [...serviceNames, 'PostgreSQL', 'broker'];

export interface Recovery {
  readonly part: string;
  /** From the SIGKILL to the end of a saga whose order was placed after it. */
  readonly seconds: readonly number[];
}

const PATIENCE = { deadlineMs: 120_000, everyMs: 10 };

/** Kills one part of the shop again and again and starts it at once; measures until an order goes through. */
export async function recoveriesOf(shop: Shop, part: Part, rounds: number): Promise<number[]> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await shop.stack.ready();
    await orderThrough(shop);
    const killedAt = performance.now();
    const restarted = restart(shop, part);
    await Promise.all([orderThrough(shop), restarted]);
    seconds.push((performance.now() - killedAt) / 1_000);
    await shop.drained();
  }
  return seconds;
}

export const median = (seconds: readonly number[]): number => quantile(seconds, 0.5);
export const worst = (seconds: readonly number[]): number => Math.max(...seconds);

function restart({ stack }: Shop, part: Part): Promise<void> {
  if (part === 'PostgreSQL') return stack.restartPostgres();
  if (part === 'broker') return stack.restartBroker();
  return stack.services[part].restart();
}

/** Resolves when an order that is placed from now on is approved; asks again for as long as the shop takes none. */
async function orderThrough(shop: Shop): Promise<void> {
  const orderId = await waitUntil('an order to be taken', () => shop.place(), PATIENCE);
  const isApproved = async (): Promise<boolean> => {
    const status = await shop.statusOf(orderId);
    if (status === 'REJECTED') throw new GiveUp(`The order ${orderId} was rejected.`);
    return status === 'APPROVED';
  };
  await waitUntil('the order to be approved', isApproved, PATIENCE);
}
