/*
 * `npm run cost -- --questions steps,payload`: what a saga costs when one thing grows. The variants of a question
 * alternate on one PostgreSQL in the same minutes; the result is the ratio to the first. A run with broken invariants
 * fails.
 */
import { loadavg } from 'node:os';
import { listOf, numberFrom, oneOf, wholeNumber } from '@palinode/test-support/command-line';
import type { EmbeddedPostgres } from '@palinode/testing-support/postgres/embedded-postgres';
import { SagaDatabase } from '../growth/saga-database';
import { ENDED, OPEN, type Population } from '../growth/stored-sagas';
import { databaseOf, sizesOfTables } from '../measure/postgres';
import { memoryMbOf } from '../measure/processes';
import { mapValues, median } from '../measure/quantile';
import { byProcess, measure, spread, summarise, type Measurement, type MeasurementOptions } from '../measurement';
import { running, subcommand, table, using } from '../run';
import { unlessCounted } from '../targets/invariants';
import { startSagas, USUAL_SYSTEM, type SagaSystem } from '../targets/services';

interface Question {
  readonly grows: string;
  readonly variants: readonly Variant[];
}

interface Variant {
  readonly name: string;
  readonly system: Pick<SagaSystem, 'steps' | 'payloadKib' | 'orchestrators' | 'partitions'>;
  /** The sagas in the orchestrator's database before the run. */
  readonly stored?: { readonly population: Population; readonly count: number };
}

const variants = (
  field: keyof Variant['system'],
  counts: readonly number[],
  unit: string,
  units = `${unit}s`,
): Variant[] => counts.map((n) => ({ name: `${n} ${n === 1 ? unit : units}`, system: { [field]: n } }));

const stored = (population: Population, count: number): Variant => {
  const name = `${count.toLocaleString('en')} ${population.name}`;
  return { name, system: {}, stored: { population, count } };
};

/** What grows, and the variants to measure. The others are compared with the first. */
export const QUESTIONS: Readonly<Record<string, Question>> = {
  steps: { grows: 'steps of a saga', variants: variants('steps', [3, 10, 30], 'step') },
  payload: {
    grows: 'what the start and each command carry',
    variants: variants('payloadKib', [1, 10, 100], 'KiB', 'KiB'),
  },
  processes: {
    grows: 'processes of the orchestrator',
    variants: variants('orchestrators', [1, 2, 3], 'process', 'processes'),
  },
  partitions: { grows: 'partitions of each topic', variants: variants('partitions', [1, 4, 16], 'partition') },
  ended: {
    grows: 'sagas stored before',
    variants: [
      { name: 'none stored', system: {} },
      stored(ENDED, 100_000),
      stored(ENDED, 1_000_000),
      stored(OPEN, 100_000),
    ],
  },
};

/** The tables that grow with the sagas; an inbox counts as one table. */
const GROWING = ['saga', 'saga_history', 'saga_timer', 'inbox', 'outbox', 'unacknowledged'] as const;

type TableSizes = Readonly<Record<(typeof GROWING)[number], number>>;

export interface CostMeasurement extends Measurement {
  /** Memory of each process in MB, before the first saga and after the last. */
  readonly memoryMb: Readonly<Record<string, { readonly before: number; readonly after: number }>>;
  /** The growth of the tables in KiB per 1,000 sagas. */
  readonly kibPerThousand: TableSizes;
}

export const cost = subcommand('cost', 'Measures what a saga costs when one thing grows.')
  .option('--questions <names>', 'what grows', listOf(oneOf(...Object.keys(QUESTIONS))), Object.keys(QUESTIONS))
  .option('--seconds <number>', 'how long each variant is measured in a round', numberFrom(0.1), 10)
  .option('--warm-up <number>', 'seconds of load before each measurement, which are not counted', numberFrom(0), 10)
  .option('--in-flight <number>', 'orders at a time', wholeNumber(1), 64)
  .option('--rounds <number>', 'the number of measurements of each variant', wholeNumber(1), 3)
  .action(
    running(async ({ questions, rounds, ...extent }, run) =>
      using(run.postgres(), async (postgres) => {
        const templates = new Templates(postgres.adminUrl);
        const answers: { question: string; load: number; measurements: CostMeasurement[] }[] = [];
        for (const question of questions) {
          const { variants: all = [] } = QUESTIONS[question] ?? {};
          const load = loadavg()[0] ?? 0;
          const measurements: CostMeasurement[] = [];
          for (let round = 1; round <= rounds; round += 1) {
            for (const variant of all) {
              const orchestratorTemplate = await templates.of(variant);
              const system = { ...USUAL_SYSTEM, ...variant.system, orchestratorTemplate };
              const measurement = await measureCost(variant.name, system, postgres, run.directory, {
                declined: 0,
                ...extent,
              });
              run.progress(`${round}/${rounds} ${variant.name}: ${measurement.cpuMsPerSaga.toFixed(2)} ms CPU`);
              measurements.push(measurement);
            }
          }
          answers.push({ question, load, measurements });
          run.print(...costReport(question, measurements), `load ${load.toFixed(1)} before`);
          run.record({ answers });
          run.breaks(measurements.flatMap(({ broken }) => broken));
        }
      }),
    ),
  );

/** Filled databases, each created when it is first needed and then copied for every measurement. */
class Templates {
  private readonly filled = new Map<string, string>();

  constructor(private readonly adminUrl: string) {}

  /** The template database of a variant; undefined when it starts empty. */
  async of({ name, stored: wanted }: Variant): Promise<string | undefined> {
    if (wanted === undefined || this.filled.has(name)) return this.filled.get(name);
    console.error(`storing ${name} sagas`);
    const filled = await SagaDatabase.with(wanted.count, this.adminUrl, wanted.population);
    await filled.close();
    this.filled.set(name, databaseOf(filled.databaseUrl));
    return this.filled.get(name);
  }
}

/** Starts this system, measures it, and reads the data that it leaves behind. */
async function measureCost(
  name: string,
  system: SagaSystem,
  postgres: EmbeddedPostgres,
  directory: string,
  options: MeasurementOptions,
): Promise<CostMeasurement> {
  return using(startSagas(postgres.adminUrl, directory, system), async (target) => {
    const { databases } = target;
    const pids = { ...target.pids, postgres: postgres.pid ?? 0 };
    // No card is declined, so every saga has run all its steps.
    const check = async (sagas: number): Promise<string[]> => {
      const picks = sagas * ((system.steps ?? 3) - 3);
      const unpicked = await unlessCounted('picks', databases.stock, 'SELECT count(*) FROM pick', picks);
      return [...(await target.check(sagas)), ...unpicked];
    };
    const before = { mb: memoryMbOf(pids), sizes: await tableSizes(Object.values(databases)) };
    const measurement = await measure({ ...target, name, check }, postgres, options);
    const after = { mb: memoryMbOf(pids), sizes: await tableSizes(Object.values(databases)) };
    const sagas = measurement.warmedUp + measurement.sagas;
    return {
      ...measurement,
      memoryMb: mapValues(before.mb, (mb, process) => ({ before: mb, after: after.mb[process] ?? 0 })),
      kibPerThousand: mapValues(
        before.sizes,
        (bytes, grown) => ((after.sizes[grown] - bytes) / 1_024) * (1_000 / sagas),
      ),
    };
  });
}

/** In bytes, with indexes, over all these databases. */
async function tableSizes(urls: readonly string[]): Promise<TableSizes> {
  const all = (await Promise.all(urls.map(sizesOfTables))).flat();
  const sizeOf = (table: string): number =>
    all.filter(({ name }) => name === table).reduce((sum, { bytes, indexBytes }) => sum + bytes + indexBytes, 0);
  return Object.fromEntries(GROWING.map((table) => [table, sizeOf(table)])) as TableSizes;
}

/** The cost of a saga and the data that it leaves behind; medians over the rounds. */
export function costReport(question: string, measurements: readonly CostMeasurement[]): string[] {
  const summaries = summarise(measurements);
  const first = summaries[0]?.cpuMsPerSaga ?? Number.NaN;
  const of = (variant: string, figure: (measurement: CostMeasurement) => number): string =>
    median(measurements.filter(({ target }) => target === variant).map(figure)).toFixed(0);
  const memoryOf = (variant: string): string => {
    const mb = (process: string, when: 'before' | 'after'): string =>
      of(variant, ({ memoryMb }) => memoryMb[process]?.[when] ?? Number.NaN);
    const processes = Object.keys(measurements.find(({ target }) => target === variant)?.memoryMb ?? {});
    return processes.map((process) => `${process} ${mb(process, 'before')} → ${mb(process, 'after')}`).join(', ');
  };
  return [
    `${question}: ${QUESTIONS[question]?.grows}`,
    table(summaries, [
      ['', ({ target }) => target],
      ['CPU ms a saga', ({ cpuMsPerSaga }) => cpuMsPerSaga.toFixed(2)],
      ['× the first', ({ cpuMsPerSaga }) => (cpuMsPerSaga / first).toFixed(2)],
      ['sagas/s (spread)', spread],
      ['p50 ms', ({ p50Ms }) => p50Ms.toFixed(1)],
      ['WAL bytes', ({ postgresPerSaga }) => postgresPerSaga.walBytes.toFixed(0)],
      ['CPU ms by process', byProcess],
    ]),
    table(summaries, [
      ['KiB for 1,000 sagas', ({ target }) => target],
      ...GROWING.map((grown) => growthColumn(grown, of)),
      ['memory MB, idle → after', ({ target }) => memoryOf(target)],
    ]),
  ];
}

function growthColumn(
  grown: keyof TableSizes,
  of: (variant: string, figure: (measurement: CostMeasurement) => number) => string,
): readonly [string, (summary: { readonly target: string }) => string] {
  return [grown, ({ target }) => of(target, ({ kibPerThousand }) => kibPerThousand[grown])];
}
