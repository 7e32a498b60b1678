/* Places instants on a line on which long waits are shorter than they were. */
import { durationText } from '../parts/duration-text';

const LABEL_FROM_PX = 72;

export interface Tick {
  readonly x: number;
  /** Since the first instant. */
  readonly label: string;
}

export interface TimeScale {
  readonly placeOf: (at: number) => number;
  readonly ticks: readonly Tick[];
}

/** Between two instants there is as much room as the logarithm of the time between them says. */
export function timeScale(instants: readonly number[], widthPx: number): TimeScale {
  const sorted = [...new Set(instants)].toSorted((a, b) => a - b);
  const [first = 0] = sorted;
  const places: number[] = [];
  let place = 0;
  for (const [n, at] of sorted.entries()) {
    place += Math.log2(1 + (at - (sorted[n - 1] ?? at)) / 20);
    places.push(place);
  }
  // Divided first: the last place is exactly the width, whatever is lost by rounding.
  const known = new Map(sorted.map((at, n) => [at, place === 0 ? 0 : ((places[n] ?? 0) / place) * widthPx]));
  return { placeOf: (at) => known.get(at) ?? between(sorted, known, at), ticks: ticksOf(known, first) };
}

/** An instant that is not among those of the scale. */
function between(sorted: readonly number[], known: ReadonlyMap<number, number>, at: number): number {
  const next = sorted.findIndex((each) => each > at);
  const [before, after] = [sorted[(next < 0 ? sorted.length : next) - 1], next < 0 ? undefined : sorted[next]];
  const [from, to] = [known.get(before ?? after ?? 0) ?? 0, known.get(after ?? before ?? 0) ?? 0];
  if (before === undefined || after === undefined) return from;
  return Math.min(to, from + ((at - before) / (after - before)) * (to - from));
}

/** Labels for as many instants as have room. */
function ticksOf(known: ReadonlyMap<number, number>, first: number): readonly Tick[] {
  const ticks: Tick[] = [];
  for (const [at, x] of known) {
    const last = ticks.at(-1);
    if (last === undefined || x - last.x >= LABEL_FROM_PX) ticks.push({ x, label: `+${durationText(at - first)}` });
  }
  return ticks;
}
