import { median } from './measure/quantile';
import type { TurnResult } from './turn';

/** One contender over all rounds: medians, and the spread of the rate. */
export interface Summary {
  readonly contender: string;
  readonly inFlight: number;
  readonly declined: number;
  readonly sagasPerSecond: number;
  readonly slowest: number;
  readonly fastest: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMsPerSaga: number;
  readonly cpuByProcess: Readonly<Record<string, number>>;
  /** CPU a saga as a multiple of the floor's, in the same run. */
  readonly timesFloor: number;
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
  const { contender, inFlight, declined, cpuByProcess } = first;
  const of = (pick: (result: TurnResult) => number): number => median(group.map(pick));
  const floor = all.filter(
    (each) => each.contender === 'floor' && each.inFlight === inFlight && each.declined === declined,
  );
  const cpuMsPerSaga = of((each) => each.cpuMsPerSaga);
  return {
    contender,
    inFlight,
    declined,
    sagasPerSecond: of((each) => each.sagasPerSecond),
    slowest: Math.min(...group.map((each) => each.sagasPerSecond)),
    fastest: Math.max(...group.map((each) => each.sagasPerSecond)),
    p50Ms: of((each) => each.p50Ms),
    p99Ms: of((each) => each.p99Ms),
    cpuMsPerSaga,
    cpuByProcess: Object.fromEntries(
      Object.keys(cpuByProcess).map((name) => [name, of((each) => each.cpuByProcess[name] ?? 0)]),
    ),
    timesFloor: cpuMsPerSaga / median(floor.map((each) => each.cpuMsPerSaga)),
  };
}

/** The summaries as a table in Markdown. */
export function report(summaries: readonly Summary[], machine: string): string {
  const rows = summaries.map((each) => [
    each.contender,
    String(each.inFlight),
    `${each.declined * 100} %`,
    `${each.sagasPerSecond.toFixed(0)} (${each.slowest.toFixed(0)}–${each.fastest.toFixed(0)})`,
    each.p50Ms.toFixed(1),
    each.p99Ms.toFixed(1),
    each.cpuMsPerSaga.toFixed(2),
    each.timesFloor.toFixed(2),
    Object.entries(each.cpuByProcess)
      .map(([name, ms]) => `${name} ${ms.toFixed(2)}`)
      .join(', '),
  ]);
  const head = [
    '',
    'in flight',
    'declined',
    'sagas/s (spread)',
    'p50 ms',
    'p99 ms',
    'CPU ms a saga',
    '× floor',
    'CPU ms by process',
  ];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${machine}\n\n${lines.join('\n')}`;
}
