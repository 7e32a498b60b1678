import type { Edge } from './edge';

/** Of each place, whether kind edges lead from it to one of the ends. */
export function whoCanEnd(ends: readonly boolean[], edges: readonly Edge[]): readonly boolean[] {
  const sources = ends.map((): number[] => []);
  for (const { from, to, kind } of edges) if (kind) sources[to]?.push(from);
  const can = [...ends];
  const left = ends.flatMap((end, place) => (end ? [place] : []));
  for (let place = left.pop(); place !== undefined; place = left.pop()) {
    for (const source of sources[place] ?? []) {
      if (can[source]) continue;
      can[source] = true;
      left.push(source);
    }
  }
  return can;
}
