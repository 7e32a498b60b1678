import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { OrderEnvironment } from '../order-environment';

/** $1 days, $2 how many. The attempts go with their delivery. */
const DELETE_OLD_DELIVERIES = `
  WITH old AS (
    SELECT id FROM webhook_delivery WHERE ended_at < now() - $1 * interval '1 day' LIMIT $2 FOR UPDATE SKIP LOCKED
  ), attempts AS (
    DELETE FROM webhook_attempt USING old WHERE delivery_id = old.id
  )
  DELETE FROM webhook_delivery USING old WHERE webhook_delivery.id = old.id
  RETURNING old.id`;

/**
 * $1 days, $2 how many, $3 after which instant. Keeps the last event of an order, so that clients see how it ended, and
 * each event that a webhook delivery refers to.
 */
const DELETE_OLD_EVENTS = `
  WITH old AS (
    SELECT event.order_id, event.seq, event.at
    FROM order_event AS event JOIN orders ON orders.id = event.order_id AND event.seq < orders.revision
    WHERE event.at >= $3 AND event.at < now() - $1 * interval '1 day'
      AND NOT EXISTS (SELECT FROM webhook_delivery AS called WHERE (called.order_id, called.seq) = (event.order_id, event.seq))
    ORDER BY event.at LIMIT $2 FOR UPDATE OF event SKIP LOCKED
  )
  DELETE FROM order_event USING old WHERE (order_event.order_id, order_event.seq) = (old.order_id, old.seq)
  RETURNING old.at`;

const EVERY_MS = 3_600_000;
/** Rows per statement, so that none holds its locks for long. */
const BATCH = 1_000;

/** Deletes old webhook deliveries and old order events, except the last event of each order. */
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

  /** Deletes deliveries first, because an event stays while a delivery refers to it. */
  async deleteOld(batch = BATCH): Promise<void> {
    const { WEBHOOK_DAYS, ORDER_EVENT_DAYS } = this.environment;
    await this.inBatches(batch, () => this.delete(DELETE_OLD_DELIVERIES, [WEBHOOK_DAYS, batch]));
    let after = new Date(0);
    await this.inBatches(batch, async () => {
      const deleted: { at: Date }[] = await this.delete(DELETE_OLD_EVENTS, [ORDER_EVENT_DAYS, batch, after]);
      // Skips the last events of older orders, which stay, in the next batch.
      after = deleted.reduce((latest, { at }) => (at > latest ? at : latest), after);
      return deleted;
    });
  }

  private run(): void {
    this.running ??= this.deleteOld()
      .catch((error: unknown) => this.log.warn(`Old events and webhook deliveries were not deleted: ${String(error)}`))
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
