import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { DeadLetterConsumer } from './dead-letter-consumer';
import type { DeadLetterRetention } from './dead-letter-retention';
import type { Redriver } from './redriver';

/** What is done about dead letters, from the start of the application to its end: kept, sent again, forgotten. */
export class DeadLetterService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly consumer: DeadLetterConsumer,
    private readonly redriver: Redriver,
    private readonly retention: DeadLetterRetention,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.consumer.start();
    this.redriver.start();
    this.retention.start();
  }

  /** Why dead letters are not kept, or not sent again; undefined while all is well. */
  problem(): string | undefined {
    return this.consumer.problem() ?? this.redriver.problem();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.consumer.stop(), this.redriver.stop(), this.retention.stop()]);
  }
}
