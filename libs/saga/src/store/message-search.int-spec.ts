import * as fc from 'fast-check';
import type { Pool } from 'pg';
import { v4 as uuidV4, v7 as uuidV7 } from 'uuid';
import { RealServers } from '../../test/real-servers';
import { RecordingLog } from '../../test/recording-log';
import { commandId } from '../contract';
import { sagasOfMessages } from './message-search';
import { orchestratorMigrations } from './migrations';
import { SagaSearch } from './saga-search';
import { SagaStore } from './saga-store';

const ENTRIES = 3_000;
const BEGUN_AT = Date.UTC(2026, 10, 21);
/** Each transaction begins to write so much later than the one before. */
const APART_MS = 41;

interface Entry {
  readonly sagaId: string;
  readonly commandId: string;
}

let servers: RealServers;
let pool: Pool;
let store: SagaStore;
let entries: readonly Entry[];

beforeAll(async () => {
  servers = await RealServers.start();
  const database = await servers.database(orchestratorMigrations);
  pool = servers.pool(database);
  store = new SagaStore({ database }, new RecordingLog());
  entries = await history(fc.sample(fc.integer({ min: 0, max: 10_000 }), ENTRIES));
});

afterAll(async () => {
  await store?.close();
  await servers?.stop();
});

/** Writes one entry in each transaction; they were decided so much earlier than it. Between the transactions are others. */
async function history(delays: readonly number[]): Promise<Entry[]> {
  const made = delays.map((delay, n) => {
    const at = BEGUN_AT + n * APART_MS - delay;
    const sagaId = uuidV4();
    const sent = { commandId: commandId({ id: sagaId, secret: `secret-${n}` }, 1, at), step: 'stock', again: false };
    return { sagaId, commandId: sent.commandId, at, xid: String(9_000_000_000 + 7 * n), sent: JSON.stringify([sent]) };
  });
  await pool.query(
    `INSERT INTO saga_history (saga_id, seq, at, event, sent, xid)
     SELECT saga_id, 1, to_timestamp(at / 1000), '{}', sent, xid::xid8
     FROM unnest($1::uuid[], $2::float8[], $3::text[], $4::text[]) AS h (saga_id, at, sent, xid)`,
    [
      made.map((each) => each.sagaId),
      made.map(({ at }) => at),
      made.map(({ sent }) => sent),
      made.map(({ xid }) => xid),
    ],
  );
  return made;
}

async function deadLetter(messageId: string, sagaId: string): Promise<void> {
  await pool.query(
    `INSERT INTO dead_letter (id, service, reason, detail, topic, partition, "offset", headers, bytes, cut, digest, message_id, saga_id)
     VALUES ($1, 'stock', 'no-reply', '', 'replies', coalesce((SELECT max(partition) + 1 FROM dead_letter), 0), 0, '[]', 0, false, '', $2, $3)`,
    [uuidV7(), messageId, sagaId],
  );
}

it('finds the saga of each command, however late within ten seconds its entry was saved', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: ENTRIES - 1 }), async (n) => {
      const { sagaId, commandId: id } = entries[n] as Entry;
      expect(await sagasOfMessages(store, id)).toEqual([sagaId]);
      expect(await sagasOfMessages(store, id.slice(0, 23).toUpperCase())).toContain(sagaId);
    }),
    { numRuns: 200, examples: [[0], [ENTRIES - 1]] },
  );
});

it('finds all sagas of the commands whose ids begin with eight digits', async () => {
  const part = (entries[ENTRIES / 2] as Entry).commandId.slice(0, 8);
  const fit = entries.filter(({ commandId: id }) => id.startsWith(part)).map(({ sagaId }) => sagaId);
  expect(fit.length).toBeGreaterThan(1);
  expect((await sagasOfMessages(store, part)).toSorted()).toEqual(fit.toSorted());
});

it('finds the saga of a message among the dead letters, which may be a reply', async () => {
  const [id, sagaId] = [uuidV7(), uuidV7()];
  await deadLetter(id, sagaId);
  expect(await sagasOfMessages(store, id)).toEqual([sagaId]);
});

describe('of some sagas', () => {
  const search = (): SagaSearch => new SagaSearch(store);
  const among = async (ids: readonly string[], q: string): Promise<readonly string[]> =>
    (await search().among(ids, { q }, 0)).ids;

  /** Makes rows of the sagas of these entries: open, or ended as soon as the entry was decided. */
  async function rowsOf(some: readonly Entry[], status: 'RUNNING' | 'COMPLETED'): Promise<void> {
    await pool.query(
      `INSERT INTO saga (id, definition, version, status, state, revision, started_at, ended_at)
       SELECT saga_id, 'a', 1, $2, '{}', 1, at, CASE WHEN $2 = 'COMPLETED' THEN at END
       FROM saga_history WHERE saga_id = ANY ($1::uuid[])`,
      [some.map(({ sagaId }) => sagaId), status],
    );
  }

  it('finds those that sent a command with this id, whether they have ended or not', async () => {
    const [open, ended] = [entries.slice(0, 20), entries.slice(20, 40)];
    await rowsOf(open, 'RUNNING');
    await rowsOf(ended, 'COMPLETED');
    const ids = [...open, ...ended].map(({ sagaId }) => sagaId);
    for (const { sagaId, commandId: id } of [...open, ...ended]) {
      expect(await among(ids, id)).toEqual([sagaId]);
      expect(await among(ids, id.slice(0, 8))).toContain(sagaId);
      expect(
        await among(
          ids.filter((each) => each !== sagaId),
          id,
        ),
      ).toEqual([]);
      expect(await search().revisionOf({ q: id }, sagaId)).toBe(1);
    }
  });

  it('finds one as soon as a message of it is a dead letter', async () => {
    const { sagaId } = entries[40] as Entry;
    const id = uuidV7();
    await rowsOf([entries[40] as Entry], 'RUNNING');
    expect(await among([sagaId], id)).toEqual([]);
    await deadLetter(id, sagaId);
    expect(await among([sagaId], id)).toEqual([sagaId]);
  });
});

it.each([
  ['seven digits', '01a22c3'],
  ['a business key', 'order-01a22c3a'],
  ['an id of no time', uuidV4()],
  ['an unknown id', uuidV7()],
  ['the end of time', 'ffffffff'],
  ['the beginning of time', '00000000-0000'],
])('finds nothing by %s', async (_what, text) => {
  expect(await sagasOfMessages(store, text)).toEqual([]);
});

it('finds nothing in a history without entries', async () => {
  const empty = new SagaStore({ database: await servers.database(orchestratorMigrations) }, new RecordingLog());
  try {
    expect(await sagasOfMessages(empty, uuidV7())).toEqual([]);
  } finally {
    await empty.close();
  }
});
