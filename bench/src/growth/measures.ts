/* The measures for each number of open sagas: the orchestrator's own code; only the prepared run is timed. */
import { cursorOf } from '@palinode/saga/internal';
import { plansDuring, planSection } from '../measure/plans';
import { databaseOf } from '../measure/postgres';
import { quantile } from '../measure/quantile';
import type { SagaDatabase } from './saga-database';

export interface Measure {
  readonly name: string;
  /** The number of runs in each database. */
  readonly times: number;
  /** Prepares one run and returns the function to time. */
  readonly prepare: (database: SagaDatabase) => Promise<() => Promise<unknown>>;
}

const DUE = 100;
const PAGE = 51;

const advance = (sagas: number, times: number): Measure => ({
  name: sagas === 1 ? 'advance one saga' : `advance a batch of ${sagas}`,
  times,
  prepare: async (database) => {
    const inputs = database.fresh(sagas).map((n) => database.replyTo(n));
    return () => database.runner.advance(inputs);
  },
});

const claim: Measure = {
  name: `find and claim ${DUE} due timers`,
  times: 60,
  prepare: async (database) => {
    const ids = database.pick(DUE).map((n) => database.sagas.idOf(n));
    await database.sql(
      `UPDATE saga_timer SET fire_at = clock_timestamp() + interval '12 h' WHERE fire_at < clock_timestamp() + interval '1 min'`,
    );
    await database.sql(
      `UPDATE saga_timer SET fire_at = clock_timestamp() - random() * interval '1 s' WHERE saga_id = ANY ($1)`,
      [ids],
    );
    return async () => {
      const { due } = await database.due.claim(DUE);
      if (due.length !== DUE) throw new Error(`${due.length} timers were due, not ${DUE}.`);
    };
  },
};

const nothingDue: Measure = {
  name: 'find that nothing is due',
  times: 200,
  prepare: async (database) => () => database.due.claim(DUE),
};

const list = (
  name: string,
  query: (database: SagaDatabase) => Parameters<SagaDatabase['reader']['list']>[0],
  after = false,
): Measure => ({
  name: `list ${name}`,
  times: 200,
  prepare: async (database) => {
    const [n = 0] = database.pick(1);
    const filters = query(database);
    const cursor = after ? cursorBefore(database.sagas.idOf(n)) : undefined;
    return () => database.reader.list(filters, { cursor, limit: PAGE });
  },
});

/** The cursor at this saga, whose id begins with its start in milliseconds. */
function cursorBefore(id: string): string {
  return cursorOf({ id, at: String(1_000 * Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)) });
}

const order = (database: SagaDatabase): string => `order-${database.pick(1)[0]}`;

export const hotPath: readonly Measure[] = [claim, nothingDue, advance(1, 400), advance(64, 40)];

export const adminQueries: readonly Measure[] = [
  list('all', () => ({})),
  list('all, a page anywhere', () => ({}), true),
  list('RUNNING', () => ({ status: 'RUNNING' })),
  list('PAUSED, a page anywhere', () => ({ status: 'PAUSED' }), true),
  list('COMPLETED, without results', () => ({ status: 'COMPLETED' })),
  list('a definition', () => ({ definition: 'other-purchase' })),
  list('a definition, a page anywhere', () => ({ definition: 'patient-purchase' }), true),
  list('a definition, PAUSED', () => ({ definition: 'patient-purchase', status: 'PAUSED' }), true),
  list('a definition, PAUSED, without results', () => ({ definition: 'other-purchase', status: 'PAUSED' })),
  list('an unknown definition', () => ({ definition: 'no-purchase' })),
  {
    name: 'incidents',
    times: 100,
    prepare:
      async ({ incidents }) =>
      () =>
        incidents.list({ status: ['PAUSED'], limit: 50 }, Date.now()),
  },
  {
    name: 'list the sagas of an incident',
    times: 200,
    prepare: async (database) => {
      const { items } = await database.incidents.list({ status: ['PAUSED'], limit: 1 }, Date.now());
      return () => database.reader.list({ incident: items[0]?.id }, { limit: PAGE });
    },
  },
  {
    // Without the broker, whose answer is kept for two seconds.
    name: 'the overview',
    times: 100,
    prepare:
      async ({ pending, statistics }) =>
      () =>
        Promise.all([pending.read(), statistics.open(), statistics.read(60, Date.now() - 3_600_000)]),
  },
  ...(['1h', '3h', '24h', '7d'] as const).map((window): Measure => ({
    name: `statistics of a definition, ${window}`,
    times: 100,
    prepare:
      async ({ statisticsReader }) =>
      () =>
        statisticsReader.read({ definition: 'purchase-3', window }),
  })),
  {
    name: 'statistics of ten definitions, 7d',
    times: 100,
    prepare:
      async ({ statisticsReader }) =>
      () =>
        statisticsReader.read({ window: '7d' }),
  },
  list('by business key', (database) => ({ subject: order(database) })),
  list('by business key and status', (database) => ({ subject: order(database), status: 'PAUSED' })),
  {
    name: 'one saga with its history',
    times: 200,
    prepare: async (database) => {
      const [n = 0] = database.pick(1);
      return () => database.reader.find(database.sagas.idOf(n));
    },
  },
];

/** One measure in all databases, in milliseconds. */
export interface Measured {
  readonly name: string;
  readonly samples: readonly Sample[];
}

type Sample = Readonly<Record<'open' | 'p10' | 'p50' | 'p90' | 'p99', number>>;

/** Runs a measure in all databases, alternating between them, so that disturbances of the machine affect all alike. */
export async function timeInTurns(
  measure: Measure,
  times: number,
  databases: readonly SagaDatabase[],
): Promise<Measured> {
  const runs = databases.map((database) => ({ database, ms: [] as number[] }));
  const warmUps = Math.ceil(times / 10);
  for (let time = -warmUps; time < times; time += 1) {
    for (const { database, ms } of runs) {
      const run = await measure.prepare(database);
      const begunAt = performance.now();
      await run();
      if (time >= 0) ms.push(performance.now() - begunAt);
    }
  }
  const samples = runs.map(({ database, ms }) => {
    const [p10, p50, p90, p99] = [0.1, 0.5, 0.9, 0.99].map((q) => quantile(ms, q)) as [number, number, number, number];
    return { open: database.sagas.count, p10, p50, p90, p99 };
  });
  return { name: measure.name, samples };
}

/** The ratio of the last database's time to the first one's. */
export function ratioOf({ samples }: Measured): number {
  return (samples.at(-1)?.p50 ?? Number.NaN) / (samples[0]?.p50 ?? Number.NaN);
}

/** How PostgreSQL runs the statements of one run of this measure, in the order in which they come. */
export async function plansOf(measure: Measure, database: SagaDatabase, adminUrl: string): Promise<string> {
  const run = await measure.prepare(database);
  const all = await plansDuring(adminUrl, run);
  const plans = all.filter((plan) => plan.database === databaseOf(database.databaseUrl));
  if (plans.length === 0) throw new Error(`PostgreSQL has logged no statement of “${measure.name}”.`);
  return planSection(measure.name, plans);
}
