import * as fc from 'fast-check';
import type { Pool, PoolClient } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { RecordingLog } from '../../../test/recording-log';
import { RealServers } from '../../../test/real-servers';
import { orchestratorMigrations, SagaStore } from '../../store';
import { StreamChangeRetention } from '../../store/stream-change-retention';
import { ChangeReader, type Changes } from './change-reader';
import { parsePosition, textOf, type StreamPosition } from './stream-position';

const WRITERS = 4;

let servers: RealServers;
let pool: Pool;
let store: SagaStore;
let reader: ChangeReader;

beforeAll(async () => {
  servers = await RealServers.start();
  const database = await servers.database(orchestratorMigrations);
  pool = servers.pool(database);
  store = new SagaStore({ database }, new RecordingLog());
  reader = new ChangeReader(store);
});

afterAll(async () => {
  await store?.close();
  await servers?.stop();
});

/** Writes an entry of a history, in the transaction of this connection. */
async function write(client: Pick<PoolClient, 'query'>, saga = uuidV7()): Promise<string> {
  await client.query(`INSERT INTO saga_history (saga_id, seq, at, event) VALUES ($1, 1, now(), '{}')`, [saga]);
  return saga;
}

async function read(position: StreamPosition, by = reader): Promise<Changes> {
  const changes = await by.since(position);
  if ('reason' in changes) throw new Error(changes.detail);
  return changes;
}

it('tells of a transaction that commits after a later one', async () => {
  const begun = await reader.now();
  const late = await pool.connect();
  await late.query('BEGIN');
  const first = await write(late);
  const second = await write(pool);
  const before = await read(begun);
  expect(before.sagas).toEqual([second]);
  await late.query('COMMIT');
  late.release();
  const after = await read(before.position);
  expect(after.sagas).toEqual([first]);
  expect((await read(after.position)).sagas).toEqual([]);
});

it('does not wait for a transaction that is open for long', async () => {
  const open = await pool.connect();
  await open.query('BEGIN');
  await write(open);
  const saga = await write(pool);
  const begun = await reader.now();
  const later = await write(pool);
  expect((await read(begun)).sagas).toEqual([later]);
  expect(saga).not.toBe(later);
  await open.query('ROLLBACK');
  open.release();
});

/** What happens to the transaction of a writer, or that the reader reads. */
type Act = { readonly writer: number; readonly what: 'write' | 'commit' | 'roll back' } | 'read';

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    writer: fc.nat({ max: WRITERS - 1 }),
    what: fc.constantFrom('write', 'commit', 'roll back'),
  }) as fc.Arbitrary<Act>,
  fc.constant<Act>('read'),
);

it('tells each committed change exactly once, in whatever order transactions begin, commit and roll back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 30 }), async (acts) => {
      const clients = await Promise.all(Array.from({ length: WRITERS }, () => pool.connect()));
      const written = clients.map((): string[] => []);
      const committed: string[] = [];
      const told: string[] = [];
      try {
        for (const client of clients) await client.query('BEGIN');
        let position = await reader.now();
        for (const each of acts) {
          if (each === 'read') {
            const changes = await read(position);
            told.push(...changes.sagas);
            // As another instance continues, which knows only the id of the last event.
            position = parsePosition(textOf(changes.position)) as StreamPosition;
            expect(told.toSorted()).toEqual(committed.toSorted());
            continue;
          }
          const client = clients[each.writer] as PoolClient;
          const own = written[each.writer] as string[];
          if (each.what === 'write') {
            own.push(await write(client));
          } else {
            await client.query(each.what === 'commit' ? 'COMMIT' : 'ROLLBACK');
            const ended = own.splice(0);
            if (each.what === 'commit') committed.push(...ended);
            await client.query('BEGIN');
          }
        }
        told.push(...(await read(position)).sagas);
        expect(told.toSorted()).toEqual(committed.toSorted());
      } finally {
        for (const client of clients) {
          await client.query('ROLLBACK');
          client.release();
        }
      }
    }),
    { numRuns: 30 },
  );
});

it('tells a client of another database, or one that was away for over an hour, to load everything anew', async () => {
  const { at, next, running } = await reader.now();
  expect(await reader.since({ at, next: next + 1_000_000n, running })).toMatchObject({ reason: 'unknown-position' });
  const hourAgo = at - 61 * 60_000;
  expect(await reader.since({ at: hourAgo, next, running })).toMatchObject({ reason: 'too-old' });
});

it('tells a client that missed too much to load everything anew', async () => {
  const begun = await reader.now();
  await pool.query(
    `INSERT INTO saga_history (saga_id, seq, at, event) SELECT $1, n, now(), '{}' FROM generate_series(1, 20001) AS n`,
    [uuidV7()],
  );
  expect(await reader.since(begun)).toMatchObject({ reason: 'too-many-changes' });
});

it('reads by an index, however long the history is', async () => {
  const client = await pool.connect();
  await client.query('ANALYZE saga_history');
  const plan = await client.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT saga_id FROM saga_history WHERE xid >= pg_current_xact_id()`,
  );
  client.release();
  expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('saga_history_by_transaction');
});

it('deletes notes of changes that no client needs, and keeps others', async () => {
  await pool.query(
    `INSERT INTO stream_change (at, kind, id) SELECT now() - n * interval '50 minutes', 'hold', gen_random_uuid()
     FROM generate_series(0, 2) AS n`,
  );
  const retention = new StreamChangeRetention(store, new RecordingLog());
  expect(await retention.deleteSome()).toBe(false);
  const { rows } = await pool.query<{ left: number }>(
    `SELECT count(*)::int AS left FROM stream_change WHERE at < now() - interval '1 h'`,
  );
  expect(rows).toEqual([{ left: 0 }]);
  expect((await pool.query('SELECT FROM stream_change')).rowCount).toBeGreaterThanOrEqual(2);
});
