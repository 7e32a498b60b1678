import { waitUntil } from '@palinode/testing-support/wait-until';
import { ShopClient } from '../end-to-end/shop-client';
import { Load } from './load';
import { printLine } from './print-line';
import type { ShopOnProxies } from './shop-on-proxies';
import { verdictOn, type Customers } from './verdict';
import { AnonymousClients } from './anonymous-clients';

/** Runs customers on a shop with faults, and checks all orders so far after each disturbance. */
export class ShopUnderLoad<ShopContext extends Pick<ShopOnProxies, 'stack' | 'databases'> = ShopOnProxies> {
  readonly client: ShopClient;
  private readonly loads: (Load | AnonymousClients)[] = [];

  constructor(
    readonly shop: ShopContext,
    private readonly seed: number,
  ) {
    this.client = ShopClient.of(shop.stack);
  }

  /**
   * Lets customers order while the work runs; resolves when all their orders have ended. Rejects with every broken promise,
   * and when no order could be placed meanwhile.
   */
  async during<T>(what: string, work: (load: Load) => Promise<T>): Promise<T> {
    const startedAt = Date.now();
    const n = 1_000 * (this.loads.length + 1);
    const load = Load.start(this.client, { seed: this.seed + n, customers: 6, thinkMs: 200 });
    const anonymousClients = AnonymousClients.start(this.client, { seed: this.seed + n, atOnce: 2, thinkMs: 200 });
    this.loads.push(load, anonymousClients);
    let result: T;
    try {
      result = await work(load);
    } finally {
      await Promise.all([load.stop(), anonymousClients.stop()]);
    }
    await this.shop.stack.ready(120_000);
    const { databases, stack } = this.shop;
    const problems = await verdictOn({ databases, directory: stack.directory }, await this.customers());
    if (problems.length > 0) throw new Error(`Promises were broken by ${what}:\n${problems.join('\n')}`);
    if (load.accepted.size === 0) throw new Error(`No order was accepted during ${what}.`);
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    printLine(
      `${what}: ${load.accepted.size} orders accepted and ended, ${load.retries} requests repeated, ` +
        `${anonymousClients.unknown} without a key never answered, ${seconds} s`,
    );
    return result;
  }

  /** Resolves when this many more orders were accepted. */
  async moreOrders(load: Load, n: number): Promise<void> {
    const wanted = load.accepted.size + n;
    await waitUntil(`${n} more orders`, () => load.accepted.size >= wanted, { everyMs: 20 });
  }

  private async customers(): Promise<Customers> {
    const all = await Promise.all(
      this.loads.map(async (each) => (each instanceof Load ? each : each.customers(this.shop.databases.order))),
    );
    return {
      doubled: all.flatMap(({ doubled }) => doubled),
      orderIds: new Set(all.flatMap(({ orderIds }) => [...orderIds])),
    };
  }
}
