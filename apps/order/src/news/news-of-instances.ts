import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { BroadcastSubscription } from '@palinode/saga/participant';
import type { ReadinessCheck } from '@palinode/service';
import { OrderNews } from './order-news';

type Subscription = Awaited<ReturnType<BroadcastSubscription['listen']>>;

/**
 * Brings the news of all instances to this one: whoever ends an order publishes it in `order.events`, and every instance
 * hears that topic. Orders are taken without it, so it is no condition of readiness.
 */
@Injectable()
export class NewsOfInstances implements ReadinessCheck, OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly optional = true;
  private readonly log = new Logger(NewsOfInstances.name);
  private subscription: Subscription | undefined;
  private stopped = false;

  constructor(
    private readonly tail: BroadcastSubscription,
    private readonly news: OrderNews,
  ) {}

  onApplicationBootstrap(): void {
    void this.join().catch((error: unknown) => {
      if (!this.stopped) this.log.warn(`The news of other instances are not heard: ${String(error)}`);
    });
  }

  check(): string | undefined {
    return this.subscription === undefined
      ? 'the news of other instances are not heard yet'
      : this.subscription.problem();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.subscription?.stop();
  }

  private async join(): Promise<void> {
    const subscription = await this.tail.listen('order', {
      heard: (orderIds) => this.news.tell(orderIds),
      missed: () => this.news.tellAll(),
    });
    if (this.stopped) await subscription.stop();
    else this.subscription = subscription;
  }
}
