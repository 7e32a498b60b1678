/*
 * Customers who order without an idempotency key. Where they get no answer they cannot tell what happened, and do not ask
 * again; once all is at rest the shop may know one order of each of them, never two.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { query } from '../end-to-end/books';
import { anOrder, type ShopClient } from '../end-to-end/shop-client';
import type { Customers } from './verdict';

export class WalkIns {
  private readonly answers = new Map<string, string | undefined>();
  private readonly ordering: Promise<void>[];
  private stopped = false;

  private constructor(
    private readonly shop: ShopClient,
    private readonly options: { readonly seed: number; readonly atOnce: number; readonly thinkMs: number },
  ) {
    this.ordering = Array.from({ length: options.atOnce }, (_, n) => this.order(n));
  }

  static start(shop: ShopClient, options: { seed: number; atOnce: number; thinkMs: number }): WalkIns {
    return new WalkIns(shop, options);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.ordering);
  }

  /** Those that got no answer. */
  get unknown(): number {
    return [...this.answers.values()].filter((orderId) => orderId === undefined).length;
  }

  /** What they know, and what the shop knows of those who do not. */
  async customers(orderDatabase: string): Promise<Customers> {
    const rows = await query<{ id: string; customer: string }>(
      orderDatabase,
      'SELECT id, customer_id AS customer FROM orders',
    );
    const placed = new Map<string, string[]>();
    for (const { id, customer } of rows)
      if (this.answers.has(customer)) placed.set(customer, [...(placed.get(customer) ?? []), id]);
    const told = [...this.answers.values()].flatMap((orderId) => orderId ?? []);
    return {
      doubled: [...placed].filter(([, ids]) => ids.length > 1).map(([customer]) => customer),
      orderIds: new Set([...told, ...[...placed.values()].flat()]),
    };
  }

  private async order(n: number): Promise<void> {
    const { seed, thinkMs } = this.options;
    for (let each = 1; !this.stopped; each += 1) {
      const customerId = `walk-in-${seed}-${n}-${each}`;
      this.answers.set(customerId, undefined);
      const answer = await this.shop.place(anOrder({ customerId })).catch(() => undefined);
      if (answer?.status === 202) this.answers.set(customerId, answer.body.orderId);
      await pause(thinkMs);
    }
  }
}
