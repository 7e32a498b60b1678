import { Client } from 'pg';

/** Works on a connection of its own to this database, which ends with the work. */
export async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The rows of one query. */
export const query = <Row>(url: string, text: string): Promise<Row[]> =>
  connected(url, async (client) => (await client.query(text)).rows as Row[]);
