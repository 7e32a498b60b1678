/*
 * Customers who place orders during faults. Each order has an idempotency key and is requested with it until the shop
 * has accepted it, so a failed request is neither lost nor placed twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { anOrder, type OrderRequest, type ShopClient } from '../end-to-end/shop-client';
import { seededRandom, pick } from './seeded-random';

export interface LoadOptions {
  readonly seed: number;
  readonly customers: number;
  /** The pause of a customer between two orders. */
  readonly thinkMs: number;
  /** How long an order is requested before the load gives up. @default 120000 */
  readonly giveUpAfterMs?: number;
  /** The orders to place. @default a mix: most are sold, some are rejected */
  readonly order?: (random: () => number, customer: number) => OrderRequest;
}

const SKUS = ['SKU-CUP', 'SKU-BEANS-1KG', 'SKU-KETTLE', 'SKU-FILTER-100', 'SKU-SCALE'];

export class Load {
  /** The order ids by idempotency key. */
  readonly accepted = new Map<string, string>();
  /** Keys that got two different orders; there must be none. */
  readonly doubled: string[] = [];
  /** Requests without an answer, or with another one than 202. */
  retries = 0;
  /** Every response status of an order request. */
  readonly statuses = new Set<number>();
  private readonly customers: Promise<void>[];
  private stopped = false;
  private failure: Error | undefined;

  private constructor(
    private readonly shop: ShopClient,
    private readonly options: LoadOptions,
  ) {
    this.customers = Array.from({ length: options.customers }, (_, n) =>
      this.buy(n).catch((error: unknown) => void (this.failure ??= error as Error)),
    );
  }

  static start(shop: ShopClient, options: LoadOptions): Load {
    return new Load(shop, options);
  }

  get orderIds(): ReadonlySet<string> {
    return new Set(this.accepted.values());
  }

  /** Stops new orders; resolves when all open requests are answered. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.customers);
    if (this.failure) throw this.failure;
  }

  private async buy(customer: number): Promise<void> {
    const { seed, thinkMs, order: orderOf = orderBy } = this.options;
    const random = seededRandom(seed + customer);
    for (let n = 1; !this.stopped; n += 1) {
      const key = `load-${seed}-${customer}-${n}`;
      const order = orderOf(random, customer);
      await this.place(key, order);
      // Sometimes the answer is lost on its way, and the customer repeats the request.
      if (random() < 0.05) await this.place(key, order);
      await sleep(thinkMs * (0.5 + random()));
    }
  }

  private async place(key: string, order: OrderRequest): Promise<void> {
    const endsAt = Date.now() + (this.options.giveUpAfterMs ?? 120_000);
    for (;;) {
      const answer = await this.shop.place(order, { 'idempotency-key': key }).catch(() => undefined);
      if (answer) this.statuses.add(answer.status);
      if (answer?.status === 202) return this.take(key, answer.body.orderId);
      this.retries += 1;
      if (Date.now() > endsAt) throw new Error(`${key} was never accepted; the last answer was ${answer?.status}`);
      await sleep(100);
    }
  }

  private take(key: string, orderId: string): void {
    const before = this.accepted.get(key);
    if (before !== undefined && before !== orderId) this.doubled.push(key);
    this.accepted.set(key, orderId);
  }
}

/** An order that is sold unless another part of it fails. */
export function soundOrder(random: () => number, customer: number): OrderRequest {
  return anOrder({ customerId: `customer-${customer}`, lines: [{ sku: pick(random, SKUS), quantity: 1 }] });
}

/** A mix of orders: most are sold, some have a declined card, a sold-out article or a gateway that fails first. */
/** Most are sold, some are rejected. */
export function orderBy(random: () => number, customer: number): OrderRequest {
  const fate = random();
  const quantity = 1 + Math.floor(random() * 3);
  return anOrder({
    customerId: `customer-${customer}`,
    lines: [{ sku: fate < 0.1 ? 'SKU-OUT-OF-STOCK' : pick(random, SKUS), quantity }],
    paymentToken: fate > 0.9 ? 'tok_declined' : fate > 0.85 ? 'tok_expiring' : fate > 0.8 ? 'tok_flaky_2' : 'tok_ok',
  });
}
