/*
 * Makes the effects of an event happen once per subscriber. The event's row is inserted in the transaction of its
 * handler. Rows are deleted some days after the event was handled. Older events are recognized by their offset:
 * everything before the position of its partition was handled or dead-lettered. Therefore a subscriber that is new, or
 * is rebuilt, may read a topic from its very beginning.
 */
import type { DataSource, EntityManager } from 'typeorm';
import { lowestIdAt } from '../contract';
import { isRemembered } from '../deduplication';
import type { Tables } from '../messaging';
import type { EventDelivery } from './event-delivery';

const DAY_MS = 86_400_000;

/** The position of a subscriber in a partition: the offset it reads next. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly position: bigint;
  /** When the last event before it was created. */
  readonly eventAt: Date;
}

function statementsOn({ event_inbox, event_position }: Tables) {
  return {
    known: `SELECT id FROM ${event_inbox} WHERE subscriber = $1 AND id = ANY ($2::uuid[])`,
    claim: `
      INSERT INTO ${event_inbox} (subscriber, id) SELECT $1, id FROM unnest($2::uuid[]) AS claimed (id)
      ON CONFLICT DO NOTHING RETURNING id`,
    positions: `
      SELECT topic, partition, position, (extract(epoch FROM event_at) * 1000)::float8 AS "eventAt"
      FROM ${event_position} WHERE subscriber = $1`,
    savePositions: `
      INSERT INTO ${event_position} (subscriber, topic, partition, position, event_at)
      SELECT $1, * FROM unnest($2::text[], $3::int[], $4::bigint[], $5::timestamptz[])
      ON CONFLICT (subscriber, topic, partition) DO UPDATE
        SET position = excluded.position, event_at = excluded.event_at`,
    tryToWrite: `
      INSERT INTO ${event_position} (subscriber, topic, partition, position, event_at) VALUES ($1, '', -1, 0, now())
      ON CONFLICT DO NOTHING`,
    deleteHandled: `
      DELETE FROM ${event_inbox} WHERE subscriber = $1 AND id < $2 AND handled_at < to_timestamp($3 / 1000.0)`,
  } as const;
}

export class EventInbox {
  private readonly statements: ReturnType<typeof statementsOn>;

  constructor(
    private readonly dataSource: DataSource,
    readonly subscriber: string,
    private readonly inboxDays: number,
    tables: Tables,
  ) {
    this.statements = statementsOn(tables);
  }

  /** The events that were not handled yet; of repeated ones the first. */
  async fresh(deliveries: readonly EventDelivery[], positions: readonly Position[]): Promise<EventDelivery[]> {
    if (deliveries.length === 0) return [];
    const rows: { id: string }[] = await this.dataSource.query(this.statements.known, [
      this.subscriber,
      deliveries.map(({ event }) => event.id),
    ]);
    const known = new Set(rows.map(({ id }) => id));
    return deliveries.filter((delivery) => {
      const { id } = delivery.event;
      if (known.has(id) || this.isForgotten(delivery, positions)) return false;
      known.add(id);
      return true;
    });
  }

  /**
   * Claims the events for this transaction, and waits for other transactions that hold them. Resolves with those it
   * got.
   */
  async claim(tx: EntityManager, deliveries: readonly EventDelivery[]): Promise<EventDelivery[]> {
    // In the same order in all processes, to prevent deadlocks.
    const ids = deliveries.map(({ event }) => event.id).toSorted();
    const rows: { id: string }[] = await tx.query(this.statements.claim, [this.subscriber, ids]);
    const claimed = new Set(rows.map(({ id }) => id));
    return deliveries.filter(({ event }) => claimed.has(event.id));
  }

  async positions(): Promise<Position[]> {
    const rows: (Omit<Position, 'position' | 'eventAt'> & { position: string; eventAt: number })[] =
      await this.dataSource.query(this.statements.positions, [this.subscriber]);
    return rows.map((row) => ({ ...row, position: BigInt(row.position), eventAt: new Date(row.eventAt) }));
  }

  async savePositions(positions: readonly Position[]): Promise<void> {
    await this.dataSource.query(this.statements.savePositions, [
      this.subscriber,
      positions.map(({ topic }) => topic),
      positions.map(({ partition }) => partition),
      positions.map(({ position }) => String(position)),
      positions.map(({ eventAt }) => eventAt),
    ]);
  }

  /** True for an event that is too old for the inbox, and whose offset shows that it was handled. */
  isForgotten({ event, message }: EventDelivery, positions: readonly Position[]): boolean {
    if (this.remembers(event.id)) return false;
    const reached = positionOf(positions, message.topic, message.partition);
    return reached !== undefined && BigInt(message.offset) < reached.position;
  }

  remembers(id: string): boolean {
    return isRemembered(id, Date.now(), { inboxDays: this.inboxDays });
  }

  /**
   * Rejects when the database does not accept writes. Inserting a row and rolling back shows that; reading would not.
   */
  async assertWritable(): Promise<void> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      await runner.query(this.statements.tryToWrite, [this.subscriber]);
      await runner.rollbackTransaction();
    } finally {
      await runner.release();
    }
  }

  /** Deletes the rows of events that were handled long ago. */
  async deleteHandled(): Promise<void> {
    const before = Date.now() - this.inboxDays * DAY_MS;
    await this.dataSource.query(this.statements.deleteHandled, [this.subscriber, lowestIdAt(before), before]);
  }
}

export function positionOf(positions: readonly Position[], topic: string, partition: number): Position | undefined {
  return positions.find((each) => each.topic === topic && each.partition === partition);
}
