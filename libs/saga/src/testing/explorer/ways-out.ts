import type { Edges } from './edges';

/** Returns for each place whether benign edges lead from it to an end. */
export function whoCanEnd(ends: readonly boolean[], edges: Edges): readonly boolean[] {
  const sources = ends.map((): number[] => []);
  edges.forEach((from, to, _length, benign) => {
    if (benign) sources[to]?.push(from);
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
