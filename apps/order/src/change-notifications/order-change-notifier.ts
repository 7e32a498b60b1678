import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { BroadcastSubscription } from '@palinode/saga/participant';
import type { ReadinessCheck } from '@palinode/service';

/** Notifies open requests that their order has changed. They read the change themselves. */
@Injectable()
export class OrderChangeNotifier {
  private readonly listeners = new Map<string, Set<() => void>>();

  /**
   * Calls the listener for each change until the returned function is called; possibly twice for one change. It must not
   * throw.
   */
  listen(orderId: string, listener: () => void): () => void {
    const listeners = this.listeners.get(orderId) ?? new Set();
    this.listeners.set(orderId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.listeners.get(orderId) === listeners) this.listeners.delete(orderId);
    };
  }

  notify(orderIds: readonly string[]): void {
    for (const orderId of orderIds) for (const listener of this.listeners.get(orderId) ?? []) listener();
  }

  /** Notifies the listeners of all orders, after notifications may have been lost. */
  notifyAll(): void {
    this.notify([...this.listeners.keys()]);
  }
}

type Subscription = Awaited<ReturnType<BroadcastSubscription['listen']>>;

/**
 * Forwards the order changes of all instances to this one's notifier. Every instance publishes to `order.events` and
 * reads that topic. Orders are accepted without it, so it does not affect readiness.
 */
@Injectable()
export class OrderChangeSubscription implements ReadinessCheck, OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly optional = true;
  private readonly log = new Logger(OrderChangeSubscription.name);
  private subscription: Subscription | undefined;
  private stopped = false;

  constructor(
    private readonly broadcast: BroadcastSubscription,
    private readonly notifier: OrderChangeNotifier,
  ) {}

  onApplicationBootstrap(): void {
    void this.subscribe().catch((error: unknown) => {
      if (!this.stopped) this.log.warn(`Changes by other instances are not received: ${String(error)}`);
    });
  }

  check(): string | undefined {
    return this.subscription === undefined
      ? 'changes by other instances are not received yet'
      : this.subscription.problem();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.subscription?.stop();
  }

  private async subscribe(): Promise<void> {
    const subscription = await this.broadcast.listen('order', {
      heard: (orderIds) => this.notifier.notify(orderIds),
      missed: () => this.notifier.notifyAll(),
    });
    if (this.stopped) await subscription.stop();
    else this.subscription = subscription;
  }
}
