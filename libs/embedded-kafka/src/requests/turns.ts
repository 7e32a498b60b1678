import { setImmediate as nextTurn } from 'node:timers/promises';

const turnMs = 10;

/**
 * Does something with each item in order, and lets other connections have their turn whenever this one took its share:
 * a single request may name very many things.
 */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  each: (item: Item) => Result | Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let turnBeganAt = performance.now();
  for (const item of items) {
    results.push(await each(item));
    if (performance.now() - turnBeganAt < turnMs) continue;
    await nextTurn();
    turnBeganAt = performance.now();
  }
  return results;
}
