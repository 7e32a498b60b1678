/* Writes Palinode's migrations as SQL: `node dist/src/write-sql.js <folder>`. */
import { participantMigrations, sqlOf } from '@palinode/saga/participant';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tables } from './tables.js';

const [folder = 'migrations'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const { name, up, down } of sqlOf(participantMigrations, tables)) {
  // For node-pg-migrate. For Flyway V0001__create_participant_tables.sql, for Prisma a folder with a migration.sql.
  writeFileSync(join(folder, `${name.replace('-', '_')}.sql`), `-- Up Migration\n${up}\n-- Down Migration\n${down}`);
}
