import { markdownTable } from '../markdown-table';
import type { Minute } from './long-load';
import type { MemoryMb } from './memory-watch';
import type { StoredTable } from './stored';

export interface Endured {
  readonly machine: string;
  readonly loadBefore: number;
  readonly sagas: number;
  readonly idleMb: MemoryMb;
  readonly minutes: readonly Minute[];
  readonly restMb: MemoryMb;
  readonly brokerLogMb: number;
  readonly atEnd: readonly StoredTable[];
  readonly forgotten: readonly string[];
  readonly afterRetention: readonly StoredTable[];
  /** What did not hold. */
  readonly broken: readonly string[];
}

export function enduranceReport(endured: Endured): string {
  const { machine, loadBefore, sagas, minutes, forgotten, brokerLogMb } = endured;
  return [
    `${machine}, load ${loadBefore.toFixed(1)} before; ${sagas.toLocaleString('en')} sagas in ${minutes.length} minutes`,
    memoryTable(endured),
    `The broker's log: ${brokerLogMb.toFixed(0)} MB. Forgotten: ${forgotten.join(', ')}; then a vacuum.`,
    storedTable(endured),
  ].join('\n\n');
}

function memoryTable({ idleMb, minutes, restMb }: Endured): string {
  const processes = Object.keys(idleMb);
  const mb = (memory: MemoryMb): string[] => processes.map((process) => (memory[process] ?? Number.NaN).toFixed(0));
  return markdownTable(
    ['minute', 'sagas/s', 'p50, p99 ms', 'WAL KiB a saga', ...processes.map((process) => `${process} MB`)],
    [
      ['idle', '', '', '', ...mb(idleMb)],
      ...minutes.map(({ sagasPerSecond, p50Ms, p99Ms, walKibPerSaga, memoryMb }, index) => [
        String(index + 1),
        sagasPerSecond.toFixed(0),
        `${p50Ms.toFixed(0)}, ${p99Ms.toFixed(0)}`,
        walKibPerSaga.toFixed(1),
        ...mb(memoryMb),
      ]),
      ['at rest', '', '', '', ...mb(restMb)],
    ],
  );
}

function storedTable({ sagas, atEnd, afterRetention }: Endured): string {
  const rows = atEnd.map((each) => {
    const after = afterRetention.find(({ database, table }) => database === each.database && table === each.table);
    return [
      `${each.database}: ${each.table}`,
      each.rows.toLocaleString('en'),
      ...sizes(each),
      (((each.mb + each.indexMb) * 1_024) / (sagas / 1_000)).toFixed(0),
      (after?.rows ?? 0).toLocaleString('en'),
      ...(after === undefined ? ['0', '0'] : sizes(after)),
    ];
  });
  const heads = [
    'at the end: rows',
    'MB',
    'indexes MB',
    'KiB for 1,000 sagas',
    'after retention: rows',
    'MB',
    'indexes MB',
  ];
  return markdownTable(['', ...heads], rows);
}

function sizes({ mb, indexMb }: StoredTable): [string, string] {
  return [mb.toFixed(1), indexMb.toFixed(1)];
}
