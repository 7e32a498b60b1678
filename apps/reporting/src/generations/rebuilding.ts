import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Subscriber, type Lag } from '@palinode/saga/subscriber';
import type { ReadinessCheck } from '@palinode/service';
import { Generations, groupOf } from './generations';

const EVERY_MS = 500;

/**
 * Follows the table of generations in every instance. The serving generation and the one being built each have a consumer
 * group that reads the events from their beginning. When the new one has caught up, it serves, and the old one is deleted.
 * When an instance dies, the others and its own next start continue.
 */
@Injectable()
export class Rebuilding implements ReadinessCheck, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(Rebuilding.name);
  private readonly open = new Set<number>();
  private timer: NodeJS.Timeout | undefined;
  private following: Promise<void> | undefined;
  private tidied = 0;
  private problem: string | undefined;

  constructor(
    private readonly generations: Generations,
    private readonly subscriber: Subscriber,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.follow(), EVERY_MS);
    this.follow();
  }

  check(): string | undefined {
    return this.problem;
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    // A call that waits for an unreachable broker ends with the transport.
    await Promise.race([this.following, new Promise((resolve) => setTimeout(resolve, EVERY_MS).unref())]);
  }

  private follow(): void {
    this.following ??= this.followOnce()
      .then(
        () => (this.problem = undefined),
        (error: unknown) => {
          this.problem = `cannot follow the generations: ${String(error)}`;
          this.log.warn(`${this.problem}; trying again`);
        },
      )
      .finally(() => (this.following = undefined));
  }

  private async followOnce(): Promise<void> {
    const { active, building } = await this.generations.current();
    await this.openOnly(building === null ? [active] : [active, building]);
    if (building !== null && (await this.hasCaughtUp(active, building))) {
      await this.generations.activate(building);
      this.log.log(`generation ${building} serves`);
    } else if (building === null && this.tidied !== active) {
      await this.generations.deleteBefore(active);
      this.tidied = active;
    }
  }

  private async openOnly(wanted: readonly number[]): Promise<void> {
    for (const generation of this.open) {
      if (wanted.includes(generation)) continue;
      await this.subscriber.shut(groupOf(generation));
      this.open.delete(generation);
    }
    for (const generation of wanted) {
      if (this.open.has(generation)) continue;
      await this.subscriber.open(groupOf(generation));
      this.open.add(generation);
    }
  }

  /** Whether the new generation has read every partition at least as far as the old one. */
  private async hasCaughtUp(active: number, building: number): Promise<boolean> {
    const old = await this.subscriber.lag(groupOf(active));
    const anew = await this.subscriber.lag(groupOf(building));
    return old.every((each) => reached(anew, each) >= each.position);
  }
}

function reached(lags: readonly Lag[], { topic, partition }: Lag): number {
  return lags.find((each) => each.topic === topic && each.partition === partition)?.position ?? 0;
}
