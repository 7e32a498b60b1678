import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { EventTail } from '@palinode/saga/participant';
import type { ReadinessCheck } from '@palinode/service';
import { OrderChangeNotifier } from './order-change-notifier';

type Subscription = Awaited<ReturnType<EventTail['listen']>>;

/**
 * Forwards the order changes of all instances to this one's notifier. Every instance publishes to `order.events` and reads
 * that topic. Orders are accepted without it, so it does not affect readiness.
 */
@Injectable()
export class OrderChangeSubscription implements ReadinessCheck, OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly optional = true;
  private readonly log = new Logger(OrderChangeSubscription.name);
  private subscription: Subscription | undefined;
  private stopped = false;

  constructor(
    private readonly tail: EventTail,
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
    const subscription = await this.tail.listen('order', {
      heard: (orderIds) => this.notifier.notify(orderIds),
      missed: () => this.notifier.notifyAll(),
    });
    if (this.stopped) await subscription.stop();
    else this.subscription = subscription;
  }
}
