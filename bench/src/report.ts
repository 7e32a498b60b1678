import { GRAPHILE, GRAPHILE_IN_GROUPS } from './graphile/contender';
import { FLOOR } from './floor/contender';
import { markdownTable } from './markdown-table';
import { median } from './measure/quantile';
import type { TurnResult } from './turn';

/**
 * One contender over all rounds: medians, and the spread of the rate. A multiple of another's is taken in each round, from
 * turns a minute or two apart, and the median of these is given: a machine's pace changes more from round to round.
 */
export interface Summary extends Omit<TurnResult, 'sagas' | 'broken'> {
  readonly slowest: number;
  readonly fastest: number;
  /** CPU a saga as a multiple of the floor's; not known when the floor had no turn. */
  readonly timesFloorCpu: number | undefined;
  /** Sagas a second as a multiple of the peer's. */
  readonly timesGraphile: number | undefined;
  readonly timesGraphileInGroups: number | undefined;
}

export function summarise(results: readonly TurnResult[]): Summary[] {
  const groups = new Map<string, TurnResult[]>();
  for (const result of results) {
    const key = `${result.inFlight}/${result.declined}/${result.contender}`;
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()].map((group) => summaryOf(group, results));
}

function summaryOf(group: readonly TurnResult[], all: readonly TurnResult[]): Summary {
  const [first] = group;
  if (first === undefined) throw new Error('a group has a result');
  const { contender, inFlight, declined } = first;
  const of = (pick: (result: TurnResult) => number): number => median(group.map(pick));
  const beside = (name: string, pick: (result: TurnResult) => number): number | undefined => {
    const theirs = all.filter(
      (each) => each.contender === name && each.inFlight === inFlight && each.declined === declined,
    );
    const ratios = theirs.flatMap((their, round) => {
      const ours = group[round];
      return ours === undefined ? [] : [pick(ours) / pick(their)];
    });
    return ratios.length === 0 ? undefined : median(ratios);
  };
  const rate = (result: TurnResult): number => result.sagasPerSecond;
  return {
    contender,
    inFlight,
    declined,
    sagasPerSecond: of(rate),
    slowest: Math.min(...group.map(rate)),
    fastest: Math.max(...group.map(rate)),
    p50Ms: of((each) => each.p50Ms),
    p95Ms: of((each) => each.p95Ms),
    p99Ms: of((each) => each.p99Ms),
    cpuMsPerSaga: of((each) => each.cpuMsPerSaga),
    cpuByProcess: medians(group.map((each) => each.cpuByProcess)),
    postgresPerSaga: medians(group.map((each) => ({ ...each.postgresPerSaga }))),
    stolenPercent: of((each) => each.stolenPercent),
    timesFloorCpu: beside(FLOOR, (each) => each.cpuMsPerSaga),
    timesGraphile: beside(GRAPHILE, rate),
    timesGraphileInGroups: beside(GRAPHILE_IN_GROUPS, rate),
  };
}

function medians<Name extends string>(each: readonly Readonly<Record<Name, number>>[]): Record<Name, number> {
  const names = Object.keys(each[0] ?? {}) as Name[];
  return Object.fromEntries(names.map((name) => [name, median(each.map((one) => one[name]))])) as Record<Name, number>;
}

const COLUMNS: readonly (readonly [head: string, cell: (summary: Summary) => string])[] = [
  ['', ({ contender }) => contender],
  ['in flight', ({ inFlight }) => String(inFlight)],
  ['declined', ({ declined }) => `${declined * 100} %`],
  [
    'sagas/s (spread)',
    ({ sagasPerSecond, slowest, fastest }) =>
      `${sagasPerSecond.toFixed(0)} (${slowest.toFixed(0)}–${fastest.toFixed(0)})`,
  ],
  ['× Graphile', ({ timesGraphile }) => ratio(timesGraphile)],
  ['× Graphile in groups', ({ timesGraphileInGroups }) => ratio(timesGraphileInGroups)],
  ['p50 ms', ({ p50Ms }) => p50Ms.toFixed(1)],
  ['p95 ms', ({ p95Ms }) => p95Ms.toFixed(1)],
  ['p99 ms', ({ p99Ms }) => p99Ms.toFixed(1)],
  ['CPU ms a saga', ({ cpuMsPerSaga }) => cpuMsPerSaga.toFixed(2)],
  ['× floor', ({ timesFloorCpu }) => ratio(timesFloorCpu)],
  ['commits', ({ postgresPerSaga }) => postgresPerSaga.commits.toFixed(2)],
  ['WAL bytes', ({ postgresPerSaga }) => postgresPerSaga.walBytes.toFixed(0)],
  ['fsyncs', ({ postgresPerSaga }) => postgresPerSaga.fsyncs.toFixed(3)],
  [
    'CPU ms by process',
    ({ cpuByProcess }) =>
      Object.entries(cpuByProcess)
        .map(([name, ms]) => `${name} ${ms.toFixed(2)}`)
        .join(', '),
  ],
];

function ratio(value: number | undefined): string {
  return value?.toFixed(2) ?? '';
}

/** The summaries as a table in Markdown. */
export function report(summaries: readonly Summary[], machine: string): string {
  const head = COLUMNS.map(([name]) => name);
  const rows = summaries.map((summary) => COLUMNS.map(([, cell]) => cell(summary)));
  return `${machine}\n\n${markdownTable(head, rows)}`;
}
