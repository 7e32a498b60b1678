/*
 * `npm run bench -- live`: what the live stream of the admin API costs the hot path. Batches of sagas are advanced as fast as
 * the database takes them: without the column and the index that the stream reads, with them, and while many clients
 * follow all sagas. The ways alternate within each round, on the same PostgreSQL; the result is the ratio.
 */
import { wholeNumber } from '@palinode/test-support/command-line';
import { SagaDatabase } from '../growth/saga-database';
import { whileFollowed } from '../growth/stream-clients';
import { median } from '../measure/quantile';
import { running, subcommand, table, using, type Run } from '../run';

const BATCH = 64;

interface LiveWay {
  readonly name: string;
  readonly database: SagaDatabase;
  readonly listeners: number;
  readonly perSecond: number[];
  /** Bytes of WAL for an event. */
  readonly wal: number[];
  /** Bytes sent to all clients. */
  sent: number;
}

export const live = subcommand('live', 'Measures what the live stream costs the advancing of sagas.')
  .option('--listeners <number>', 'clients that follow all sagas', wholeNumber(1), 500)
  .option('--sagas <number>', 'open sagas in each database', wholeNumber(1), 50_000)
  .option('--rounds <number>', 'how often each way is measured', wholeNumber(1), 10)
  .option('--batches <number>', `batches of ${BATCH} sagas each time`, wholeNumber(1), 60)
  .action(
    running(async ({ listeners, sagas, rounds, batches }, run) =>
      using(run.postgres(), async ({ adminUrl }) => {
        const without = await withoutColumn(sagas, adminUrl);
        const database = await SagaDatabase.with(sagas, adminUrl);
        const ways: LiveWay[] = [
          { name: 'without the column', database: without, listeners: 0 },
          { name: 'nobody listens', database, listeners: 0 },
          { name: `${listeners} clients`, database, listeners },
        ].map((way) => ({ ...way, perSecond: [], wal: [], sent: 0 }));
        try {
          for (let round = 0; round <= rounds; round += 1) await measure(ways, batches, round, run);
          report(ways, run);
        } finally {
          for (const each of [without, database]) await each.close();
        }
      }),
    ),
  );

/** As it was before the stream existed. */
async function withoutColumn(sagas: number, adminUrl: string): Promise<SagaDatabase> {
  const database = await SagaDatabase.with(sagas + 1, adminUrl);
  await database.sql('ALTER TABLE saga_history DROP COLUMN xid');
  return database;
}

/** The first round only warms up. */
async function measure(ways: readonly LiveWay[], batches: number, round: number, run: Run): Promise<void> {
  for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
    const { result, bytes } = await whileFollowed(way.database, way.listeners, () => advance(way.database, batches));
    if (round === 0) continue;
    way.perSecond.push(result.perSecond);
    way.wal.push(result.wal);
    way.sent += bytes;
    run.progress(
      `round ${round}, ${way.name}: ${result.perSecond.toFixed(0)} events/s, ${result.wal.toFixed(0)} B of WAL`,
    );
  }
}

/** Advances sagas and returns how many events a second it applied, and the bytes of WAL for each. */
async function advance(database: SagaDatabase, batches: number): Promise<{ perSecond: number; wal: number }> {
  const inputs = Array.from({ length: batches }, () => database.fresh(BATCH).map((n) => database.replyTo(n)));
  const events = batches * BATCH;
  const walBefore = await walOf(database);
  const begunAt = performance.now();
  for (const each of inputs) await database.runner.advance(each);
  const perSecond = (events * 1_000) / (performance.now() - begunAt);
  return { perSecond, wal: ((await walOf(database)) - walBefore) / events };
}

async function walOf(database: SagaDatabase): Promise<number> {
  const [row] = await database.sql<{ bytes: string }>(`SELECT pg_current_wal_insert_lsn() - '0/0' AS bytes`);
  return Number(row?.bytes);
}

function report(ways: readonly LiveWay[], run: Run): void {
  const [first] = ways;
  const ratiosTo = (to: LiveWay, way: LiveWay): number[] =>
    way.perSecond.map((rate, n) => rate / (to.perSecond[n] ?? Number.NaN));
  const ratio = (to: LiveWay | undefined, way: LiveWay): string => {
    const ratios = to === undefined ? [] : ratiosTo(to, way);
    return `${median(ratios).toFixed(3)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
  };
  run.print(
    table(ways, [
      ['', ({ name }) => name],
      ['events/s', ({ perSecond }) => median(perSecond).toFixed(0)],
      ['ratio to the one above', (way) => ratio(ways[ways.indexOf(way) - 1] ?? first, way)],
      ['WAL an event, B', ({ wal }) => median(wal).toFixed(0)],
      ['MB sent', ({ sent }) => (sent / 1e6).toFixed(1)],
    ]),
  );
  run.record({ live: ways.map(({ name, perSecond, wal, sent }) => ({ name, perSecond, wal, sent })) });
}
