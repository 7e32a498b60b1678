import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Migration, NeededTables } from '../messaging';

/** The tables of a subscriber: the events it has handled, and its position in each partition. */
export class CreateSubscriberTables1763600000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE event_inbox (
        subscriber text NOT NULL,
        id uuid NOT NULL,
        handled_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (subscriber, id)
      )`);
    await runner.query(`
      CREATE TABLE event_position (
        subscriber text NOT NULL,
        topic text NOT NULL,
        partition int NOT NULL,
        position bigint NOT NULL,
        event_at timestamptz NOT NULL,
        PRIMARY KEY (subscriber, topic, partition)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE event_position, event_inbox');
  }
}

/** The subscriber's migrations, in order. */
export const SUBSCRIBER_TABLES: NeededTables = {
  migrations: 'subscriberMigrations',
  rights: { event_inbox: 'SELECT, INSERT, DELETE', event_position: 'SELECT, INSERT, UPDATE' },
};

/** Put these before the service's own migrations. */
export const subscriberMigrations: Migration[] = [CreateSubscriberTables1763600000003];
