import type { Edges } from './edges';

/**
 * Counts the different histories of at most this many events from the first place. A loop counts for each of its
 * passes.
 */
export function countHistories(places: number, edges: Edges, depth: number): number {
  let longest = 1;
  edges.forEach((_from, _to, length) => (longest = Math.max(longest, length)));
  // The number of histories of each of the last few lengths that lead to each place.
  const ways = Array.from({ length: longest + 1 }, () => new Float64Array(places));
  const waysOf = (events: number): Float64Array => ways[events % ways.length] as Float64Array;
  waysOf(0)[0] = 1;
  let histories = 1;
  for (let events = 1; events <= depth; events += 1) {
    const longer = waysOf(events).fill(0);
    edges.forEach((from, to, length) => {
      if (length <= events) longer[to] = (longer[to] as number) + (waysOf(events - length)[from] as number);
    });
    for (const each of longer) histories += each;
  }
  return histories;
}
