import { Client } from 'pg';

/** Makes empty databases of these names, in place of any there were, and returns their URLs. */
export async function freshDatabases<Name extends string>(
  adminUrl: string,
  prefix: string,
  names: readonly Name[],
): Promise<Record<Name, string>> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const urls: Partial<Record<Name, string>> = {};
    for (const name of names) {
      const database = `bench_${prefix}_${name}`;
      await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      await admin.query(`CREATE DATABASE ${database}`);
      const url = new URL(adminUrl);
      url.pathname = `/${database}`;
      urls[name] = url.toString();
    }
    await admin.query('CHECKPOINT');
    return urls as Record<Name, string>;
  } finally {
    await admin.end();
  }
}
