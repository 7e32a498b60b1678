import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { OrderEnvironment } from '../order-environment';
import { FORGET_DELIVERIES, FORGET_EVENTS } from './retention-statements';

const EVERY_MS = 3_600_000;
/** So many rows a statement, so that none holds its locks for long. */
const BATCH = 1_000;

/** Forgets what became of webhooks, and what happened to orders before they came to where they stand, some time after it. */
@Injectable()
export class Retention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(Retention.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopping = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly environment: OrderEnvironment,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.run(), EVERY_MS).unref();
    this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stopping = true;
    await this.running;
  }

  /** Deliveries go first: an event stays for as long as one tells of it. */
  async forgetOld(batch = BATCH): Promise<void> {
    const { WEBHOOK_DAYS, ORDER_EVENT_DAYS } = this.environment;
    await this.inBatches(batch, () => this.delete(FORGET_DELIVERIES, [WEBHOOK_DAYS, batch]));
    let after = new Date(0);
    await this.inBatches(batch, async () => {
      const forgotten: { at: Date }[] = await this.delete(FORGET_EVENTS, [ORDER_EVENT_DAYS, batch, after]);
      // The next batch need not pass again over the last events of all older orders, which stay.
      after = forgotten.reduce((latest, { at }) => (at > latest ? at : latest), after);
      return forgotten;
    });
  }

  private run(): void {
    this.running ??= this.forgetOld()
      .catch((error: unknown) => this.log.warn(`Old events and webhooks were not forgotten: ${String(error)}`))
      .finally(() => (this.running = undefined));
  }

  private async inBatches(batch: number, forget: () => Promise<unknown[]>): Promise<void> {
    while (!this.stopping && (await forget()).length === batch);
  }

  private async delete<Row>(statement: string, values: unknown[]): Promise<Row[]> {
    const [rows]: [Row[]] = await this.dataSource.query(statement, values);
    return rows;
  }
}
