/* The migrations of the library as SQL files, for teams that do not run migrations with TypeORM. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { orchestratorMigrations } from '@palinode/saga/orchestrator';
import { participantMigrations, sqlOf, type TableLocation } from '@palinode/saga/participant';
import { subscriberMigrations } from '@palinode/saga/subscriber';

const ROLES = {
  participant: participantMigrations,
  subscriber: subscriberMigrations,
  orchestrator: orchestratorMigrations,
};

/** Writes a folder for each role, with a file for each migration in the order of their names; returns their paths. */
export function writeSqlFiles(directory: string, location: TableLocation = {}): string[] {
  return Object.entries(ROLES).flatMap(([role, migrations]) => {
    mkdirSync(join(directory, role), { recursive: true });
    return sqlOf(migrations, location).map(({ name, up }) => {
      const path = join(directory, role, `${name}.sql`);
      writeFileSync(path, up);
      return path;
    });
  });
}
