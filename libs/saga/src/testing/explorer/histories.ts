import type { Edge } from './edge';

/** How many different ways of at most so many edges begin at the first of these places. Loops count as often as they fit. */
export function countHistories(places: number, edges: readonly Edge[], depth: number): number {
  let ways = new Float64Array(places);
  ways[0] = 1;
  let histories = 1;
  for (let length = 1; length <= depth; length += 1) {
    const longer = new Float64Array(places);
    for (const { from, to } of edges) longer[to] = (longer[to] as number) + (ways[from] as number);
    ways = longer;
    for (const each of ways) histories += each;
  }
  return histories;
}
