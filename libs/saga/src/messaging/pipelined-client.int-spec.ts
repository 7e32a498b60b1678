import { Pool } from 'pg';
import { RealServers } from '../../test/real-servers';
import { PipelinedClient } from './pipelined-client';

const ONE = { name: 'one', text: 'SELECT $1::int AS one' };
const WRONG = { name: 'wrong', text: 'SELECT 1 / $1::int', values: [0] };

let servers: RealServers;
let client: PipelinedClient;
let pool: Pool;

beforeAll(async () => {
  servers = await RealServers.start();
  const connectionString = await servers.database();
  client = new PipelinedClient({ connectionString });
  pool = new Pool({ connectionString, Client: PipelinedClient });
  await client.connect();
});

afterAll(async () => {
  await client?.end();
  await pool?.end();
  await servers?.stop();
});

async function askWrongly(): Promise<unknown> {
  return await client.query(WRONG);
}

describe('a prepared statement on a pipelined connection', () => {
  it('returns its rows each time it runs', async () => {
    const results = [1, 2, 3].map((one) => client.query<{ one: number }>({ ...ONE, values: [one] }));
    expect((await Promise.all(results)).map(({ rows }) => rows[0]?.one)).toEqual([1, 2, 3]);
    const { rows } = await client.query('SELECT name FROM pg_prepared_statements');
    expect(rows).toEqual([{ name: 'one' }]);
  });

  it('accepts its values as a separate argument', async () => {
    expect((await client.query(ONE, [4])).rows).toEqual([{ one: 4 }]);
  });

  it('works through a pool', async () => {
    expect((await pool.query({ ...ONE, values: [5] })).rows).toEqual([{ one: 5 }]);
  });

  it('fails with the code of the error and the stack trace of the caller', async () => {
    const error: unknown = await askWrongly().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: '22012', stack: expect.stringContaining('askWrongly') as string });
    await expect(pool.query(WRONG)).rejects.toMatchObject({ code: '22012' });
  });

  it('keeps the options that apply only to it', async () => {
    const { rows } = await client.query({ ...ONE, values: [6], rowMode: 'array' });
    expect(rows).toEqual([[6]]);
  });

  it('does not affect the next statement when it fails', async () => {
    const [wrong, right] = await Promise.allSettled([client.query(WRONG), client.query({ ...ONE, values: [7] })]);
    expect([wrong.status, right.status]).toEqual(['rejected', 'fulfilled']);
  });
});
