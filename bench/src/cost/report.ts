import { markdownTable } from '../markdown-table';
import { median } from '../measure/quantile';
import { summarise } from '../report';
import type { CostTurn } from './cost-turn';
import type { Question } from './questions';
import { GROWING } from './table-sizes';

/** Two tables in Markdown: what a saga costs, and what it leaves behind. Medians over the rounds. */
export function costReport(question: Question, turns: readonly CostTurn[]): string {
  return [`${question.name}: ${question.grows}`, costTable(turns), tracesTable(question, turns)].join('\n\n');
}

function costTable(turns: readonly CostTurn[]): string {
  const summaries = summarise(turns.map(({ turn }) => turn));
  const first = summaries[0]?.cpuMsPerSaga ?? Number.NaN;
  return markdownTable(
    ['', 'CPU ms a saga', '× the first', 'sagas/s (spread)', 'p50 ms', 'WAL bytes', 'CPU ms by process'],
    summaries.map((each) => [
      each.contender,
      each.cpuMsPerSaga.toFixed(2),
      (each.cpuMsPerSaga / first).toFixed(2),
      `${each.sagasPerSecond.toFixed(0)} (${each.slowest.toFixed(0)}–${each.fastest.toFixed(0)})`,
      each.p50Ms.toFixed(1),
      each.postgresPerSaga.walBytes.toFixed(0),
      Object.entries(each.cpuByProcess)
        .map(([process, ms]) => `${process} ${ms.toFixed(2)}`)
        .join(', '),
    ]),
  );
}

function tracesTable({ variants }: Question, turns: readonly CostTurn[]): string {
  const rows = variants.map(({ name }) => {
    const own = turns.filter(({ turn }) => turn.contender === name);
    const mb = (process: string, when: 'before' | 'after'): string =>
      median(own.map(({ memoryMb }) => memoryMb[process]?.[when] ?? Number.NaN)).toFixed(0);
    const processes = Object.keys(own[0]?.memoryMb ?? {});
    return [
      name,
      ...GROWING.map((grown) => median(own.map(({ kibPerThousand }) => kibPerThousand[grown])).toFixed(0)),
      processes.map((process) => `${process} ${mb(process, 'before')} → ${mb(process, 'after')}`).join(', '),
    ];
  });
  return markdownTable(['KiB for 1,000 sagas', ...GROWING, 'memory MB, idle → after'], rows);
}
