import { Logger } from '@nestjs/common';

const REPORT_EVERY_MS = 10_000;

/** Logs orders that are turned away: the first at once, then a count every ten seconds until there are none. */
export class TurnedAwayLog {
  private readonly log = new Logger(TurnedAwayLog.name);
  private since: Date | undefined;
  private why = '';
  private unreported = 0;
  private timer: NodeJS.Timeout | undefined;

  add(why: string): void {
    this.unreported += 1;
    this.why = why;
    if (this.timer) return;
    this.since = new Date();
    this.log.warn(`Orders are turned away: ${why}.`);
    this.timer = setInterval(() => this.report(), REPORT_EVERY_MS).unref();
  }

  /** When and why orders began to be turned away; undefined when none was turned away within the last interval. */
  get state(): string | undefined {
    return this.since && `orders have been turned away since ${this.since.toISOString()}: ${this.why}`;
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.since = undefined;
  }

  private report(): void {
    if (this.unreported === 0) {
      this.stop();
      this.log.log('Orders are accepted again.');
      return;
    }
    this.log.warn(`Turned away ${this.unreported} orders within ${REPORT_EVERY_MS / 1_000} s: ${this.why}.`);
    this.unreported = 0;
  }
}
