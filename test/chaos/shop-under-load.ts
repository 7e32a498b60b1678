import { waitUntil } from '@palinode/test-support/wait-until';
import { ShopClient } from '../end-to-end/shop-client';
import { Load } from './load';
import { say } from './say';
import type { ShopOnLines } from './shop-on-lines';
import { verdictOn, type Customers } from './verdict';
import { WalkIns } from './walk-ins';

/** Customers of a shop that is disturbed, with a verdict after each disturbance on all that was ordered so far. */
export class ShopUnderLoad<Surroundings extends Pick<ShopOnLines, 'stack' | 'databases'> = ShopOnLines> {
  readonly client: ShopClient;
  private readonly loads: (Load | WalkIns)[] = [];

  constructor(
    readonly shop: Surroundings,
    private readonly seed: number,
  ) {
    this.client = ShopClient.of(shop.stack);
  }

  /**
   * Customers order while the work is done; resolves when all they ordered has ended. Rejects with whatever promise was
   * broken, and when nobody could order meanwhile: a shop that stands still breaks none.
   */
  async during<T>(what: string, work: (load: Load) => Promise<T>): Promise<T> {
    const startedAt = Date.now();
    const n = 1_000 * (this.loads.length + 1);
    const load = Load.start(this.client, { seed: this.seed + n, customers: 6, thinkMs: 200 });
    const walkIns = WalkIns.start(this.client, { seed: this.seed + n, atOnce: 2, thinkMs: 200 });
    this.loads.push(load, walkIns);
    let result: T;
    try {
      result = await work(load);
    } finally {
      await Promise.all([load.stop(), walkIns.stop()]);
    }
    await this.shop.stack.ready(120_000);
    const { databases, stack } = this.shop;
    const problems = await verdictOn({ databases, directory: stack.directory }, await this.customers());
    if (problems.length > 0) throw new Error(`Promises were broken by ${what}:\n${problems.join('\n')}`);
    if (load.accepted.size === 0) throw new Error(`Nobody could order anything during ${what}.`);
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    say(
      `${what}: ${load.accepted.size} orders taken and ended, ${load.retries} requests repeated, ` +
        `${walkIns.unknown} without key never answered, ${seconds} s`,
    );
    return result;
  }

  /** Resolves when so many more orders were taken than now. */
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
