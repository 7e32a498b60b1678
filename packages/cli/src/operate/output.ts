import Table from 'cli-table3';
import colors from 'picocolors';
import type { SagaSummary } from './views';

/** Rows in columns, without lines, as wide as they need to be. */
export function columns(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    // Colored here and not by the table, which does so where there is no terminal, too.
    head: head.map((each) => colors.dim(each.toUpperCase())),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: Object.fromEntries(LINES.map((line) => [line, ''])),
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replaceAll(/ +$/gm, '');
}

const LINES = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left',
  'left-mid',
  'mid',
  'mid-mid',
  'right',
  'right-mid',
  'middle',
] as const;

const STATUS_COLORS: Readonly<Record<SagaSummary['status'], (text: string) => string>> = {
  RUNNING: colors.blue,
  COMPENSATING: colors.yellow,
  COMPENSATED: colors.yellow,
  PAUSED: colors.red,
  COMPLETED: colors.green,
};

export function statusText(status: SagaSummary['status']): string {
  return STATUS_COLORS[status](status);
}

const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'm'],
  [1, 's'],
] as const;

/** How long ago an instant is, or how long until it comes: `3m`, `in 20s`. */
export function ago(instant: string, now = Date.now()): string {
  const seconds = Math.round((now - Date.parse(instant)) / 1_000);
  const length = Math.abs(seconds);
  const [size, unit] = UNITS.find(([each]) => length >= each) ?? [1, 's'];
  const text = `${Math.floor(length / size)}${unit}`;
  return seconds < 0 ? `in ${text}` : text;
}

/** The exit code that says how a saga stands: 0 completed or on its way, 2 compensated, 3 needs a person. */
export function exitCodeOf(status: SagaSummary['status']): number {
  if (status === 'PAUSED') return 3;
  return status === 'COMPENSATED' ? 2 : 0;
}

/** What the user may do next, at the end of an answer. */
export function nextStep(text: string): string {
  return colors.dim(`Next: ${text}`);
}
