import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { OrderChangeNotifier } from '../change-notifications/order-change-notifier';
import { isUnderWay, type Order } from '../orders/order-messages';
import { Orders } from '../orders/orders';

/**
 * Lets requests wait for the end of their order. A waiting request reads the order on each change notification, and once
 * more at its timeout. So an idle wait costs nothing, and a lost notification does not make the answer wrong.
 */
@Injectable()
export class OrderOutcomes implements BeforeApplicationShutdown {
  private readonly stopping = new Set<() => void>();

  constructor(
    private readonly notifier: OrderChangeNotifier,
    private readonly orders: Orders,
  ) {}

  /** Resolves with the order when it has ended, or with undefined at the timeout or when the service stops. */
  async until(
    orderId: string,
    waitMs: number,
    { perhapsEnded }: { perhapsEnded: boolean },
  ): Promise<Order | undefined> {
    const listening = new AbortController();
    const ended = new Promise<Order | undefined>((resolve) => {
      const readOrder = async (): Promise<void> => {
        const order = await this.ended(orderId);
        if (order) resolve(order);
      };
      const giveUp = (): void => resolve(undefined);
      const timer = setTimeout(() => void readOrder().then(giveUp), waitMs);
      const stopListening = this.notifier.listen(orderId, () => void readOrder());
      this.stopping.add(giveUp);
      listening.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        stopListening();
        this.stopping.delete(giveUp);
      });
      if (perhapsEnded) void readOrder();
    });
    return ended.finally(() => listening.abort());
  }

  beforeApplicationShutdown(): void {
    for (const giveUp of this.stopping) giveUp();
  }

  /** When the database is unreachable, the next read may succeed. */
  private async ended(orderId: string): Promise<Order | undefined> {
    const order = await this.orders.find(orderId).catch(() => undefined);
    return order && !isUnderWay(order.status) ? order : undefined;
  }
}

const MAX_SECONDS = 30;

/** Parses how long the client prefers to wait (RFC 7240), at most 30 seconds. Ignores an invalid preference. */
export function secondsToWait(prefer: string | undefined): number | undefined {
  const wait = prefer?.split(',').find((each) => /^\s*wait\s*=/i.test(each));
  const seconds = Number(/^\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:;.*)?$/i.exec(wait ?? '')?.[1] ?? 0);
  return seconds > 0 ? Math.min(seconds, MAX_SECONDS) : undefined;
}
