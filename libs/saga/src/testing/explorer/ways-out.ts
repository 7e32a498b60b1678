import type { Edges } from './edges';

/** Of each place, whether kind edges lead from it to one of the ends. */
export function whoCanEnd(ends: readonly boolean[], edges: Edges): readonly boolean[] {
  const sources = ends.map((): number[] => []);
  edges.forEach((from, to, _length, kind) => {
    if (kind) sources[to]?.push(from);
  });
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
