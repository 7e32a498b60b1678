import { connected } from './measure/connected';

/** Makes databases of these names, in place of any there were, and returns their URLs: empty ones, or copies of a template. */
export async function freshDatabases<Name extends string>(
  adminUrl: string,
  prefix: string,
  names: readonly Name[],
  templates: Partial<Record<Name, string>> = {},
): Promise<Record<Name, string>> {
  return connected(adminUrl, async (admin) => {
    const urls: Partial<Record<Name, string>> = {};
    for (const name of names) {
      const database = `bench_${prefix}_${name}`;
      await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      const template = templates[name];
      // By files, since a copy by WAL is many times the work when there is a lot in it.
      const copied = template === undefined ? '' : `TEMPLATE ${template} STRATEGY FILE_COPY`;
      await admin.query(`CREATE DATABASE ${database} ${copied}`);
      const url = new URL(adminUrl);
      url.pathname = `/${database}`;
      urls[name] = url.toString();
    }
    await admin.query('CHECKPOINT');
    return urls as Record<Name, string>;
  });
}
