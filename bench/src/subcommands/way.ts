import { count, query } from '../measure/postgres';
import type { Shop } from '../shop';

/** One way to take an order that needs stock and money; scenarios may slow down or kill the inventory. */
export interface Way {
  readonly name: string;
  /** Resolves with the answer; rejects when there is none. */
  order(): Promise<{ readonly status: number }>;
  slowInventory(ms: number): Promise<void>;
  killInventory(): Promise<unknown>;
  restartInventory(): Promise<void>;
  /** The final state, once the inventory is back and all work has ended. Empties the tables for the next run. */
  leftBehind(): Promise<string>;
}

/** The shop. It answers when the order is accepted, or with `prefer` when the order has ended. */
export function sagaWay(name: string, shop: Shop, prefer?: string): Way {
  const { services, databases, adminUrl } = shop.stack;
  const fault = async (path: string, body: object): Promise<void> => {
    const { status } = await shop.client.ask(`${adminUrl}/v1/faults${path}`, { body });
    if (status >= 300) throw new Error(`The inventory could not be slowed: ${status}.`);
  };
  return {
    name,
    order: () => shop.order(prefer === undefined ? {} : { prefer }),
    async slowInventory(ms) {
      await fault('/reset', {});
      const where = { service: 'inventory', command: 'inventory.reserve-stock', point: 'before-handler' };
      if (ms > 0) await fault('', { ...where, effect: { type: 'delay', ms }, every: true, ttl: '1h' });
    },
    killInventory: () => services.inventory.kill(),
    async restartInventory() {
      await services.inventory.restart();
      await shop.stack.ready();
    },
    async leftBehind() {
      await shop.drained();
      await shop.sagasEnded();
      const [approved, rejected] = [await shop.count('APPROVED'), await shop.count('REJECTED')];
      const reserved = await count(databases.inventory, 'SELECT sum(reserved) FROM stock');
      await query(databases.order, 'TRUNCATE orders, order_event CASCADE');
      return `${approved} approved, ${rejected} rejected, ${reserved} reserved without an order`;
    },
  };
}
