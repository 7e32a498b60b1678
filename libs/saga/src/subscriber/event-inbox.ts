/*
 * What makes the effects of an event happen once, for each subscriber by itself. Its row is inserted in the transaction of
 * its handler. Rows are forgotten some days after they were handled; an older event is known by its place: what lies before
 * the position of its partition was handled, or parked. So a subscriber that is new, or is rebuilt, may read a topic from
 * its very beginning.
 */
import type { DataSource, EntityManager } from 'typeorm';
import { lowestIdAt } from '../contract';
import { isRemembered } from '../deduplication';
import type { EventDelivery } from './event-delivery';

const DAY_MS = 86_400_000;

/** How far a subscriber has come in a partition: the offset it reads next. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly position: bigint;
  /** When the last event before it was made. */
  readonly eventAt: Date;
}

export class EventInbox {
  constructor(
    private readonly dataSource: DataSource,
    readonly subscriber: string,
    private readonly inboxDays: number,
  ) {}

  /** Those that were not handled yet; of one that comes twice the first. */
  async fresh(deliveries: readonly EventDelivery[], positions: readonly Position[]): Promise<EventDelivery[]> {
    if (deliveries.length === 0) return [];
    const rows: { id: string }[] = await this.dataSource.query(
      'SELECT id FROM event_inbox WHERE subscriber = $1 AND id = ANY ($2::uuid[])',
      [this.subscriber, deliveries.map(({ event }) => event.id)],
    );
    const known = new Set(rows.map(({ id }) => id));
    return deliveries.filter((delivery) => {
      const { id } = delivery.event;
      if (known.has(id) || this.isForgotten(delivery, positions)) return false;
      known.add(id);
      return true;
    });
  }

  /** Claims the events for this transaction, and waits for another one that holds them. Resolves with those it got. */
  async claim(tx: EntityManager, deliveries: readonly EventDelivery[]): Promise<EventDelivery[]> {
    // In one order for all, so that two transactions never wait for each other.
    const ids = deliveries.map(({ event }) => event.id).toSorted();
    const rows: { id: string }[] = await tx.query(
      `INSERT INTO event_inbox (subscriber, id) SELECT $1, id FROM unnest($2::uuid[]) AS claimed (id)
       ON CONFLICT DO NOTHING RETURNING id`,
      [this.subscriber, ids],
    );
    const claimed = new Set(rows.map(({ id }) => id));
    return deliveries.filter(({ event }) => claimed.has(event.id));
  }

  async positions(): Promise<Position[]> {
    const rows: (Omit<Position, 'position' | 'eventAt'> & { position: string; eventAt: number })[] =
      await this.dataSource.query(
        `SELECT topic, partition, position, (extract(epoch FROM event_at) * 1000)::float8 AS "eventAt"
       FROM event_position WHERE subscriber = $1`,
        [this.subscriber],
      );
    return rows.map((row) => ({ ...row, position: BigInt(row.position), eventAt: new Date(row.eventAt) }));
  }

  async savePositions(positions: readonly Position[]): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO event_position (subscriber, topic, partition, position, event_at)
       SELECT $1, * FROM unnest($2::text[], $3::int[], $4::bigint[], $5::timestamptz[])
       ON CONFLICT (subscriber, topic, partition) DO UPDATE
         SET position = excluded.position, event_at = excluded.event_at`,
      [
        this.subscriber,
        positions.map(({ topic }) => topic),
        positions.map(({ partition }) => partition),
        positions.map(({ position }) => String(position)),
        positions.map(({ eventAt }) => eventAt),
      ],
    );
  }

  /** True for an event that is too old to be in the inbox, and was handled by its place. */
  isForgotten({ event, message }: EventDelivery, positions: readonly Position[]): boolean {
    if (this.remembers(event.id)) return false;
    const reached = positionOf(positions, message.topic, message.partition);
    return reached !== undefined && BigInt(message.offset) < reached.position;
  }

  remembers(id: string): boolean {
    return isRemembered(id, Date.now(), { inboxDays: this.inboxDays });
  }

  /** Rejects when the database does not take writes. An inserted row that is rolled back finds out; reading would not. */
  async assertWritable(): Promise<void> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      await runner.query(
        `INSERT INTO event_position (subscriber, topic, partition, position, event_at) VALUES ($1, '', -1, 0, now())
         ON CONFLICT DO NOTHING`,
        [this.subscriber],
      );
      await runner.rollbackTransaction();
    } finally {
      await runner.release();
    }
  }

  /** Forgets what was handled long ago. */
  async forget(): Promise<void> {
    const before = Date.now() - this.inboxDays * DAY_MS;
    await this.dataSource.query(
      `DELETE FROM event_inbox WHERE subscriber = $1 AND id < $2 AND handled_at < to_timestamp($3 / 1000.0)`,
      [this.subscriber, lowestIdAt(before), before],
    );
  }

  /** Forgets all, as if it had never subscribed. */
  async forgetAll(): Promise<void> {
    await this.dataSource.query('DELETE FROM event_inbox WHERE subscriber = $1', [this.subscriber]);
    await this.dataSource.query('DELETE FROM event_position WHERE subscriber = $1', [this.subscriber]);
  }
}

export function positionOf(positions: readonly Position[], topic: string, partition: number): Position | undefined {
  return positions.find((each) => each.topic === topic && each.partition === partition);
}
