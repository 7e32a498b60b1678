import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { OrderNews } from '../news/order-news';
import { isUnderWay, type Order } from '../orders/order-messages';
import { Orders } from '../orders/orders';

/**
 * Lets requests wait for the end of their order. Whoever waits reads the order when there is news of it, and once more when
 * the time is over: so it costs nothing while nothing happens, and no news that is lost makes the answer wrong.
 */
@Injectable()
export class OrderOutcomes implements BeforeApplicationShutdown {
  private readonly stopping = new Set<() => void>();

  constructor(
    private readonly news: OrderNews,
    private readonly orders: Orders,
  ) {}

  /** The order when it has ended, undefined when the time was over first (or this service stops). */
  async until(
    orderId: string,
    waitMs: number,
    { perhapsEnded }: { perhapsEnded: boolean },
  ): Promise<Order | undefined> {
    const listening = new AbortController();
    const ended = new Promise<Order | undefined>((resolve) => {
      const look = async (): Promise<void> => {
        const order = await this.ended(orderId);
        if (order) resolve(order);
      };
      const giveUp = (): void => resolve(undefined);
      const timer = setTimeout(() => void look().then(giveUp), waitMs);
      const stopListening = this.news.listen(orderId, () => void look());
      this.stopping.add(giveUp);
      listening.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        stopListening();
        this.stopping.delete(giveUp);
      });
      if (perhapsEnded) void look();
    });
    return ended.finally(() => listening.abort());
  }

  beforeApplicationShutdown(): void {
    for (const giveUp of this.stopping) giveUp();
  }

  /** A database that is away is no news of the order; the next look may succeed. */
  private async ended(orderId: string): Promise<Order | undefined> {
    const order = await this.orders.find(orderId).catch(() => undefined);
    return order && !isUnderWay(order.status) ? order : undefined;
  }
}
