/*
 * Clients that order without an idempotency key. Without an answer they do not know the outcome and do not repeat the
 * request; in the end the shop may have at most one order for each of them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { query } from '../end-to-end/books';
import { anOrder, type ShopClient } from '../end-to-end/shop-client';
import type { Customers } from './verdict';

export class AnonymousClients {
  private readonly answers = new Map<string, string | undefined>();
  private readonly ordering: Promise<void>[];
  private stopped = false;

  private constructor(
    private readonly shop: ShopClient,
    private readonly options: { readonly seed: number; readonly atOnce: number; readonly thinkMs: number },
  ) {
    this.ordering = Array.from({ length: options.atOnce }, (_, n) => this.order(n));
  }

  static start(shop: ShopClient, options: { seed: number; atOnce: number; thinkMs: number }): AnonymousClients {
    return new AnonymousClients(shop, options);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.ordering);
  }

  /** Requests without an answer. */
  get unknown(): number {
    return [...this.answers.values()].filter((orderId) => orderId === undefined).length;
  }

  /** The orders that they know, and the shop's orders of the clients without an answer. */
  async customers(orderDatabase: string): Promise<Customers> {
    const rows = await query<{ id: string; customer: string }>(
      orderDatabase,
      'SELECT id, customer_id AS customer FROM orders',
    );
    const placed = new Map<string, string[]>();
    for (const { id, customer } of rows)
      if (this.answers.has(customer)) placed.set(customer, [...(placed.get(customer) ?? []), id]);
    const known = [...this.answers.values()].flatMap((orderId) => orderId ?? []);
    return {
      doubled: [...placed].filter(([, ids]) => ids.length > 1).map(([customer]) => customer),
      orderIds: new Set([...known, ...[...placed.values()].flat()]),
    };
  }

  private async order(n: number): Promise<void> {
    const { seed, thinkMs } = this.options;
    for (let each = 1; !this.stopped; each += 1) {
      const customerId = `anonymous-${seed}-${n}-${each}`;
      this.answers.set(customerId, undefined);
      const answer = await this.shop.place(anOrder({ customerId })).catch(() => undefined);
      if (answer?.status === 202) this.answers.set(customerId, answer.body.orderId);
      await sleep(thinkMs);
    }
  }
}
