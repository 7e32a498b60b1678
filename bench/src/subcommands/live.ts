/*
 * `npm run bench -- live`: what the live stream of the admin API costs the hot path. Batches of sagas are advanced as fast as
 * the database takes them: without the column and the index that the stream reads, with them, and while many clients
 * follow all sagas. The ways alternate within each round, on the same PostgreSQL; the results are the ratios of the
 * events a second, which the clients' work on the same cores lowers, and of the CPU time an event, without the clients'.
 */
import { wholeNumber } from '@palinode/test-support/command-line';
import { SagaDatabase } from '../growth/saga-database';
import { whileFollowed } from '../growth/stream-clients';
import { cpuMsOf } from '../measure/processes';
import { median } from '../measure/quantile';
import { running, subcommand, table, using, type Run } from '../run';

const BATCH = 64;

/** What the advancing of sagas took. */
interface Advance {
  readonly perSecond: number;
  /** CPU time of this process and of PostgreSQL for an event, in microseconds. */
  readonly cpu: number;
  /** Bytes of WAL for an event. */
  readonly wal: number;
}

interface LiveWay {
  readonly name: string;
  readonly database: SagaDatabase;
  readonly listeners: number;
  readonly advances: Advance[];
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
      using(run.postgres(), async ({ adminUrl, pid: postgres = 0 }) => {
        const without = await withoutColumn(sagas, adminUrl);
        const database = await SagaDatabase.with(sagas, adminUrl);
        const ways: LiveWay[] = [
          { name: 'without the column', database: without, listeners: 0 },
          { name: 'no client', database, listeners: 0 },
          { name: `${listeners} clients`, database, listeners },
        ].map((way) => ({ ...way, advances: [], sent: 0 }));
        try {
          for (let round = 0; round <= rounds; round += 1) await measure(ways, batches, round, run, postgres);
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
async function measure(
  ways: readonly LiveWay[],
  batches: number,
  round: number,
  run: Run,
  postgres: number,
): Promise<void> {
  for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
    const work = () => advance(way.database, batches, postgres);
    const { result, bytes } = await whileFollowed(way.database, way.listeners, work);
    if (round === 0) continue;
    way.advances.push(result);
    way.sent += bytes;
    const { perSecond, cpu } = result;
    run.progress(`round ${round}, ${way.name}: ${perSecond.toFixed(0)} events/s, ${cpu.toFixed(0)} µs of CPU an event`);
  }
}

async function advance(database: SagaDatabase, batches: number, postgres: number): Promise<Advance> {
  const inputs = Array.from({ length: batches }, () => database.fresh(BATCH).map((n) => database.replyTo(n)));
  const events = batches * BATCH;
  const walBefore = await walOf(database);
  const cpuBefore = cpuMs(postgres);
  const begunAt = performance.now();
  for (const each of inputs) await database.runner.advance(each);
  const tookMs = performance.now() - begunAt;
  return {
    perSecond: (events * 1_000) / tookMs,
    cpu: ((cpuMs(postgres) - cpuBefore) * 1_000) / events,
    wal: ((await walOf(database)) - walBefore) / events,
  };
}

/** Of this process, whose children are not part of it, and of PostgreSQL. */
function cpuMs(postgres: number): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000 + (cpuMsOf({ postgres })['postgres'] ?? 0);
}

async function walOf(database: SagaDatabase): Promise<number> {
  const [row] = await database.sql<{ bytes: string }>(`SELECT pg_current_wal_insert_lsn() - '0/0' AS bytes`);
  return Number(row?.bytes);
}

function report(ways: readonly LiveWay[], run: Run): void {
  const values = ({ advances }: LiveWay, of: keyof Advance): number[] => advances.map((each) => each[of]);
  const ratio = (way: LiveWay, of: keyof Advance): string => {
    const above = values(ways[ways.indexOf(way) - 1] ?? way, of);
    const ratios = values(way, of).map((value, n) => value / (above[n] ?? Number.NaN));
    return `${median(ratios).toFixed(3)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
  };
  run.print(
    table(ways, [
      ['', ({ name }) => name],
      ['events/s', (way) => median(values(way, 'perSecond')).toFixed(0)],
      ['ratio to the one above', (way) => ratio(way, 'perSecond')],
      ['CPU an event, µs', (way) => median(values(way, 'cpu')).toFixed(0)],
      ['its ratio', (way) => ratio(way, 'cpu')],
      ['WAL an event, B', (way) => median(values(way, 'wal')).toFixed(0)],
      ['MB sent', ({ sent }) => (sent / 1e6).toFixed(1)],
    ]),
  );
  run.record({ live: ways.map(({ name, advances, sent }) => ({ name, advances, sent })) });
}
