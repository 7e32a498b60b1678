import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { DeadLetterConsumer } from './dead-letter-consumer';
import type { DeadLetterRetention } from './dead-letter-retention';
import type { Redriver } from './redriver';

/** Runs what concerns dead letters, from the start of the application to its end: storing, sending again, deleting. */
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

  /** Why dead letters are not stored, or not sent again; undefined while all is well. */
  problem(): string | undefined {
    return this.consumer.problem() ?? this.redriver.problem();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.consumer.stop(), this.redriver.stop(), this.retention.stop()]);
  }
}
