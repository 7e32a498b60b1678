import type { Edges } from './edges';

/** How many different ways of at most so many events begin at the first of these places. Loops count as often as they fit. */
export function countHistories(places: number, edges: Edges, depth: number): number {
  let longest = 1;
  edges.forEach((_from, _to, length) => (longest = Math.max(longest, length)));
  // How many ways of each of the last few lengths lead to each place.
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
