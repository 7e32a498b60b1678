/* The migrations as TypeORM runs them, and as SQL for other tools, make the same tables. */
import { migrate } from '@palinode/test-support/postgres/shared-postgres';
import type { Pool } from 'pg';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { aCommand } from '../../test/messages';
import { EFFECTS, actAlone, Shop, shopCommands } from '../../test/sample-participant';
import { orchestratorMigrations } from '../orchestrator';
import { participantMigrations } from '../participant';
import { subscriberMigrations } from '../subscriber';
import { migrationsIn, sqlOf } from './table-migration';

let servers: RealServers;

beforeAll(async () => {
  servers = await RealServers.start();
});
afterAll(() => servers?.stop());

/** What the catalog says of the tables of a database. */
async function catalogOf(pool: Pool): Promise<unknown[]> {
  const { rows } = await pool.query(`
    SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.reloptions AS options, i.indexdef AS index,
           pg_get_expr(c.relpartbound, c.oid) AS partition,
           ARRAY (SELECT concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull, attidentity, pg_get_expr(adbin, adrelid))
                  FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
                  WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum) AS columns,
           ARRAY (SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = c.oid ORDER BY 1) AS constraints
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         LEFT JOIN pg_indexes i ON i.schemaname = n.nspname AND i.indexname = c.relname
    WHERE n.nspname IN ('public', 'palinode')
    ORDER BY 1, 2`);
  return rows;
}

const sets = [
  ['a participant', participantMigrations],
  ['a subscriber', subscriberMigrations],
  ['an orchestrator', orchestratorMigrations],
] as const;

describe.each(sets)('the SQL of the migrations of %s', (_whose, migrations) => {
  it.each([{}, { schema: 'palinode', tablePrefix: 'shop_' }])(
    'makes the same tables as TypeORM does in %j, and takes them back',
    async (location) => {
      const byTypeOrm = await servers.database();
      await migrate(byTypeOrm, migrationsIn(location, migrations));
      const bySql = servers.pool(await servers.database());
      const files = sqlOf(migrations, location);
      for (const { up } of files) await bySql.query(up);
      const catalog = await catalogOf(bySql);
      expect(catalog.length).toBeGreaterThan(migrations.length);
      const migrated = servers.pool(byTypeOrm);
      await migrated.query('DROP TABLE migrations');
      expect(catalog).toEqual(await catalogOf(migrated));
      for (const { down } of files.toReversed()) await bySql.query(down);
      expect(await catalogOf(bySql)).toEqual([]);
    },
  );
});

describe('the SQL of migrations', () => {
  it('is numbered and named in the order in which it runs', () => {
    expect(sqlOf(participantMigrations).map(({ name }) => name)).toEqual([
      '0001-create-participant-tables',
      '0002-create-event-outbox',
      '0003-create-unacknowledged',
      '0004-trust-inbox-outcomes',
      '0005-digest-commands',
      '0006-create-third-party-calls',
    ]);
    expect(sqlOf(participantMigrations, { schema: 'palinode' })[4]).toMatchObject({
      up: 'ALTER TABLE palinode.inbox ADD COLUMN IF NOT EXISTS digest bytea;\n',
      down: 'ALTER TABLE palinode.inbox DROP COLUMN digest;\n',
    });
  });

  it('is enough for a participant, which runs no migration itself', async () => {
    const databaseUrl = await servers.database();
    const pool = servers.pool(databaseUrl);
    for (const { up } of sqlOf(participantMigrations)) await pool.query(up);
    await pool.query(EFFECTS);
    const shop = await ParticipantUnderTest.start({ databaseUrl, commands: shopCommands, controllers: [Shop] });
    const command = aCommand(actAlone, { item: 'lamp' });
    await shop.deliver(command, command);
    expect(await shop.effectsOf(command)).toEqual(['lamp']);
    expect(await shop.sql(`SELECT to_regclass('migrations') AS found`)).toEqual([{ found: null }]);
    await shop.stop();
  });
});
