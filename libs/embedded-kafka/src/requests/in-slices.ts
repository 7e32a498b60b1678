import { setImmediate as nextIteration } from 'node:timers/promises';

const sliceMs = 10;

/**
 * Processes the items in order, and yields to other connections whenever it has run for some milliseconds, because a
 * single request may have very many items.
 */
export async function inSlices<Item, Result>(
  items: readonly Item[],
  each: (item: Item) => Result | Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let sliceStartedAt = performance.now();
  for (const item of items) {
    results.push(await each(item));
    if (performance.now() - sliceStartedAt < sliceMs) continue;
    await nextIteration();
    sliceStartedAt = performance.now();
  }
  return results;
}
