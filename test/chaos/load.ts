/*
 * Customers who place orders while things break. Each order has an idempotency key, and is asked for again under the same key
 * until the shop has taken it: a request that died with its service is neither lost nor placed twice.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { anOrder, type OrderRequest, type ShopClient } from '../end-to-end/shop-client';
import { diceOf, pick } from './dice';

export interface LoadOptions {
  readonly seed: number;
  readonly customers: number;
  /** How long a customer thinks between two orders. */
  readonly thinkMs: number;
  /** How long an order is asked for before the load gives up. @default 120000 */
  readonly patienceMs?: number;
  /** What they order. @default orders of every fate: most are sold, some are rejected */
  readonly order?: (dice: () => number, customer: number) => OrderRequest;
}

const SKUS = ['SKU-CUP', 'SKU-BEANS-1KG', 'SKU-KETTLE', 'SKU-FILTER-100', 'SKU-SCALE'];

export class Load {
  /** The order ids that the shop gave, by the key under which they were asked for. */
  readonly accepted = new Map<string, string>();
  /** Keys for which the shop named two orders; there must be none. */
  readonly doubled: string[] = [];
  /** Requests that got no answer, or another than 202. */
  retries = 0;
  /** Every status that a request for an order was answered with. */
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

  /** No customer begins another order; resolves when all that were begun are taken. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.customers);
    if (this.failure) throw this.failure;
  }

  private async buy(customer: number): Promise<void> {
    const { seed, thinkMs, order: orderOf = orderBy } = this.options;
    const dice = diceOf(seed + customer);
    for (let n = 1; !this.stopped; n += 1) {
      const key = `load-${seed}-${customer}-${n}`;
      const order = orderOf(dice, customer);
      await this.place(key, order);
      // Now and then the answer was lost on its way to the customer, who asks once more.
      if (dice() < 0.05) await this.place(key, order);
      await pause(thinkMs * (0.5 + dice()));
    }
  }

  private async place(key: string, order: OrderRequest): Promise<void> {
    const endsAt = Date.now() + (this.options.patienceMs ?? 120_000);
    for (;;) {
      const answer = await this.shop.place(order, { 'idempotency-key': key }).catch(() => undefined);
      if (answer) this.statuses.add(answer.status);
      if (answer?.status === 202) return this.take(key, answer.body.orderId);
      this.retries += 1;
      if (Date.now() > endsAt) throw new Error(`${key} was never taken; the last answer was ${answer?.status}`);
      await pause(100);
    }
  }

  private take(key: string, orderId: string): void {
    const before = this.accepted.get(key);
    if (before !== undefined && before !== orderId) this.doubled.push(key);
    this.accepted.set(key, orderId);
  }
}

/** An order that is sold unless something other than the order is wrong. */
export function soundOrder(dice: () => number, customer: number): OrderRequest {
  return anOrder({ customerId: `customer-${customer}`, lines: [{ sku: pick(dice, SKUS), quantity: 1 }] });
}

/** Most are sold; some have a declined card, some want what is sold out, some meet a gateway that fails first. */
function orderBy(dice: () => number, customer: number): OrderRequest {
  const fate = dice();
  const quantity = 1 + Math.floor(dice() * 3);
  return anOrder({
    customerId: `customer-${customer}`,
    lines: [{ sku: fate < 0.1 ? 'SKU-OUT-OF-STOCK' : pick(dice, SKUS), quantity }],
    paymentToken: fate > 0.9 ? 'tok_declined' : fate > 0.85 ? 'tok_expiring' : fate > 0.8 ? 'tok_flaky_2' : 'tok_ok',
  });
}
