import { markdownTable } from '../markdown-table';
import { ratioOf, type Measured } from './take-turns';

/** Medians with the middle 80 % of the runs, and the ratio of the last to the first. */
export function hotPathTable(measured: readonly Measured[]): string {
  const opens = measured[0]?.samples.map(({ open }) => open) ?? [];
  return markdownTable(
    ['', ...opens.map((open) => `${open.toLocaleString('en')} open: ms (10–90 %)`), 'ratio'],
    measured.map((each) => [
      each.name,
      ...each.samples.map(({ p10, p50, p90 }) => `${ms(p50)} (${ms(p10)}–${ms(p90)})`),
      ratioOf(each).toFixed(2),
    ]),
  );
}

export function adminTable(measured: readonly Measured[]): string {
  const opens = measured[0]?.samples.map(({ open }) => open) ?? [];
  return markdownTable(
    ['', ...opens.map((open) => `${open.toLocaleString('en')} open: p50, p99 ms`)],
    measured.map((each) => [each.name, ...each.samples.map(({ p50, p99 }) => `${ms(p50)}, ${ms(p99)}`)]),
  );
}

function ms(value: number): string {
  return value.toFixed(2);
}
