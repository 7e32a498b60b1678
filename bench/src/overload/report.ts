import { markdownTable } from '../markdown-table';
import type { Level } from './level';
import type { Figures, StoppedParticipant } from './stopped-participant';

export interface OverloadResult {
  readonly machine: string;
  readonly load: readonly number[];
  readonly peak: number;
  readonly levels: readonly Level[];
  readonly stopped: StoppedParticipant | undefined;
}

export function overloadReport({ machine, load, peak, levels, stopped }: OverloadResult, pending: number): string {
  const best = Math.max(peak, ...levels.map(({ endedPerSecond }) => endedPerSecond));
  return [
    `${machine}; load average ${load.map((each) => each.toFixed(1)).join(', ')}; PENDING_ORDERS=${pending}\n` +
      `peak, customers who wait for the end: ${peak.toFixed(0)} orders a second`,
    markdownTable(
      LEVEL,
      levels.map((level) => levelRow(level, best)),
    ),
    markdownTable(
      ['memory, MB', ...levels.map(({ name }) => `${name}: before, after`)],
      Object.keys(levels[0]?.memoryMb ?? {}).map((process) => memoryRow(process, levels)),
    ),
    ...(stopped === undefined ? [] : stoppedParts(stopped)),
  ].join('\n\n');
}

const LEVEL = [
  'orders come',
  'ended/s',
  'of the best',
  'taken',
  'refused (429)',
  'other',
  'taken p50, p99 ms',
  'refused p50, p99 ms',
  'new connections',
  'drained in',
  'false holds',
];

/** At twice the peak and more, goodput must not fall below this share of the best. */
const AT_LEAST = 0.9;

/** What the shop promises under overload, and did not keep. */
export function brokenPromises({ peak, levels }: Pick<OverloadResult, 'peak' | 'levels'>): string[] {
  const best = Math.max(peak, ...levels.map(({ endedPerSecond }) => endedPerSecond));
  return levels.flatMap(({ name, offeredPerSecond, endedPerSecond, taken, written, other }) => [
    ...(other > 0 ? [`${name}: ${other} answers were neither 202 nor 429`] : []),
    ...(other === 0 && written !== taken ? [`${name}: ${taken} orders were taken and ${written} written`] : []),
    ...(offeredPerSecond >= 1.9 * peak && endedPerSecond < AT_LEAST * best
      ? [`${name}: ${endedPerSecond.toFixed(0)} orders ended a second, the best were ${best.toFixed(0)}`]
      : []),
  ]);
}

function levelRow(level: Level, best: number): string[] {
  const { name, offeredPerSecond, endedPerSecond, taken, refused, other, connections, drainSeconds } = level;
  return [
    `${name}, ${offeredPerSecond}/s`,
    endedPerSecond.toFixed(0),
    `${((100 * endedPerSecond) / best).toFixed(0)} %`,
    String(taken),
    String(refused),
    String(other),
    pair(level.takenP50Ms, level.takenP99Ms),
    refused === 0 ? '' : pair(level.refusedP50Ms, level.refusedP99Ms),
    String(connections),
    `${drainSeconds.toFixed(1)} s`,
    String(level.falseHolds),
  ];
}

function memoryRow(process: string, levels: readonly Level[]): string[] {
  const cells = levels.map(({ memoryMb }) => {
    const { before = 0, after = 0 } = memoryMb[process] ?? {};
    return pair(before, after);
  });
  return [process, ...cells];
}

function stoppedParts({ noticed, orders, reserved, drainSeconds, rejected }: StoppedParticipant): string[] {
  return [
    markdownTable(
      ['payment stands still', 'before: well, p50, p99 ms', 'meanwhile: well, p50, p99 ms'],
      noticed.map(({ what, before, meanwhile }) => [what, figures(before), figures(meanwhile)]),
    ),
    `Of ${orders} orders that came meanwhile, inventory reserved ${reserved} meanwhile; once payment went on, all ` +
      `had ended after ${drainSeconds.toFixed(1)} s, ${rejected} of them rejected.`,
  ];
}

const figures = ({ well, of, p50Ms, p99Ms }: Figures): string => `${well} of ${of}, ${pair(p50Ms, p99Ms)}`;
const pair = (a: number, b: number): string => `${a.toFixed(0)}, ${b.toFixed(0)}`;
