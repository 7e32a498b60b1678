import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Orders } from '../orders/orders';

const REREAD_MS = 500;

/**
 * Lets requests wait for the end of their order. The handler that ends it says so in this process, right after its commit;
 * where another instance handled it, a slow look into the database finds out.
 */
@Injectable()
export class OrderOutcomes implements BeforeApplicationShutdown {
  private readonly waiting = new Map<string, Set<(ended: boolean) => void>>();
  private rereading: NodeJS.Timeout | undefined;

  constructor(private readonly orders: Orders) {}

  /** True when the order has ended, false when the time was over first (or this service stops). */
  async until(orderId: string, waitMs: number, { perhapsEnded }: { perhapsEnded: boolean }): Promise<boolean> {
    const outcome = new Promise<boolean>((resolve) => {
      const waiters = this.waiting.get(orderId) ?? new Set();
      this.waiting.set(orderId, waiters);
      const finish = (ended: boolean): void => {
        clearTimeout(timer);
        waiters.delete(finish);
        if (waiters.size === 0 && this.waiting.get(orderId) === waiters) this.waiting.delete(orderId);
        resolve(ended);
      };
      const timer = setTimeout(finish, waitMs, false);
      waiters.add(finish);
    });
    if (perhapsEnded) await this.reread([orderId]);
    this.scheduleReread();
    return outcome;
  }

  announce(orderId: string): void {
    for (const finish of this.waiting.get(orderId) ?? []) finish(true);
  }

  beforeApplicationShutdown(): void {
    clearTimeout(this.rereading);
    for (const waiters of this.waiting.values()) for (const finish of waiters) finish(false);
  }

  private scheduleReread(): void {
    if (this.rereading !== undefined || this.waiting.size === 0) return;
    this.rereading = setTimeout(() => {
      void this.reread([...this.waiting.keys()]).finally(() => {
        this.rereading = undefined;
        this.scheduleReread();
      });
    }, REREAD_MS);
  }

  /** A database that is away is no news of the order; the next look may succeed. */
  private async reread(orderIds: readonly string[]): Promise<void> {
    const ended = await this.orders.ended(orderIds).catch(() => []);
    for (const orderId of ended) this.announce(orderId);
  }
}
