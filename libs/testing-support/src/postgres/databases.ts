import { createHmac } from 'node:crypto';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';

/** The password of a role of this server; each role has its own, so that no service can connect as another. */
export const passwordOf = (role: string, secret: string): string =>
  createHmac('sha256', secret).update(role).digest('hex').slice(0, 32);

/** Enough for several instances of a service, without taking the connections of the others. */
export const CONNECTIONS_PER_ROLE = 80;

/** Creates the missing databases and roles; a role may connect only to its own database. */
export async function createDatabases(adminUrl: string, secret: string, names: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
    const existing = new Set(rows.map(({ datname }) => datname));
    await client.query('REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC');
    for (const name of names.filter((candidate) => !existing.has(candidate))) {
      const quoted = escapeIdentifier(name);
      // An interrupted start may have created the role without the database.
      await client.query(`DROP ROLE IF EXISTS ${quoted}`);
      await client.query(`CREATE ROLE ${quoted} LOGIN PASSWORD ${escapeLiteral(passwordOf(name, secret))}`);
      await client.query(`CREATE DATABASE ${quoted} OWNER ${quoted}`);
    }
    for (const name of names) {
      await client.query(`ALTER ROLE ${escapeIdentifier(name)} CONNECTION LIMIT ${CONNECTIONS_PER_ROLE}`);
      await client.query(`REVOKE CONNECT ON DATABASE ${escapeIdentifier(name)} FROM PUBLIC`);
    }
  } finally {
    await client.end();
  }
}
