import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { DeadLetterKeeper } from './dead-letter-keeper';
import type { DeadLetterRetention } from './dead-letter-retention';
import type { Redriver } from './redriver';

/** What is done about dead letters, from the start of the application to its end: kept, sent again, forgotten. */
export class DeadLetterOffice implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly keeper: DeadLetterKeeper,
    private readonly redriver: Redriver,
    private readonly retention: DeadLetterRetention,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.keeper.start();
    this.redriver.start();
    this.retention.start();
  }

  /** Why dead letters are not kept, or not sent again; undefined while all is well. */
  problem(): string | undefined {
    return this.keeper.problem() ?? this.redriver.problem();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.keeper.stop(), this.redriver.stop(), this.retention.stop()]);
  }
}
