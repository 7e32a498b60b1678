import { Logger } from '@nestjs/common';

const TOLD_EVERY_MS = 10_000;

/** Tells operators of orders that are turned away: of the first at once, then every ten seconds how many, until none is. */
export class TurnedAway {
  private readonly log = new Logger(TurnedAway.name);
  private since: Date | undefined;
  private why = '';
  private untold = 0;
  private timer: NodeJS.Timeout | undefined;

  add(why: string): void {
    this.untold += 1;
    this.why = why;
    if (this.timer) return;
    this.since = new Date();
    this.log.warn(`Orders are turned away: ${why}.`);
    this.timer = setInterval(() => this.tell(), TOLD_EVERY_MS).unref();
  }

  /** Since when and why; undefined when none was in the last seconds. */
  get state(): string | undefined {
    return this.since && `orders are turned away since ${this.since.toISOString()}: ${this.why}`;
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.since = undefined;
  }

  private tell(): void {
    if (this.untold === 0) {
      this.stop();
      this.log.log('Orders are taken again.');
      return;
    }
    this.log.warn(`Turned away ${this.untold} orders within ${TOLD_EVERY_MS / 1_000} s: ${this.why}.`);
    this.untold = 0;
  }
}
