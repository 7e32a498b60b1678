import { hasColumns, TableMigration, type NeededTables, type TableMigrationClass } from '../messaging';

/** The tables of a subscriber: the events it has handled, and its position in each partition. */
export class CreateSubscriberTables1763600000003 extends TableMigration {
  readonly isApplied = `${hasColumns(this.tables.event_inbox, 'subscriber', 'id', 'handled_at')}
    AND ${hasColumns(this.tables.event_position, 'subscriber', 'topic', 'partition', 'position', 'event_at')}`;

  upStatements(): string[] {
    return [
      `
      CREATE TABLE ${this.tables.event_inbox} (
        subscriber text NOT NULL,
        id uuid NOT NULL,
        handled_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (subscriber, id)
      )`,
      `
      CREATE TABLE ${this.tables.event_position} (
        subscriber text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        position bigint NOT NULL,
        event_at timestamptz NOT NULL,
        PRIMARY KEY (subscriber, topic, partition)
      )`,
    ];
  }

  downStatements(): string[] {
    return [`DROP TABLE ${this.tables.event_position}, ${this.tables.event_inbox}`];
  }
}

/** The subscriber's migrations, in order. Put these before the service's own migrations. */
export const subscriberMigrations: TableMigrationClass[] = [CreateSubscriberTables1763600000003];

export const SUBSCRIBER_TABLES: NeededTables = {
  name: 'subscriberMigrations',
  migrations: subscriberMigrations,
  rights: { event_inbox: 'SELECT, INSERT, DELETE', event_position: 'SELECT, INSERT, UPDATE' },
};
