/**
 * The smallest part of these items that still fails (Zeller's ddmin): of ever smaller parts, each is tried alone, and
 * the rest without it. `fails` may be called often; the search ends when `enough` returns true.
 */
export async function shrink<T>(
  items: readonly T[],
  fails: (part: readonly T[]) => Promise<boolean>,
  enough: () => boolean = () => false,
): Promise<readonly T[]> {
  let left = items;
  for (let parts = 2; left.length > 1 && parts <= left.length && !enough();) {
    const smaller = await firstThatFails(candidates(left, parts), fails, enough);
    if (smaller === undefined) {
      if (parts === left.length) break;
      parts = Math.min(left.length, parts * 2);
    } else {
      parts = smaller.length < left.length / parts + 1 ? 2 : Math.max(2, parts - 1);
      left = smaller;
    }
  }
  return left;
}

async function firstThatFails<T>(
  all: readonly (readonly T[])[],
  fails: (part: readonly T[]) => Promise<boolean>,
  enough: () => boolean,
): Promise<readonly T[] | undefined> {
  for (const each of all) if (!enough() && (await fails(each))) return each;
  return undefined;
}

function candidates<T>(items: readonly T[], parts: number): (readonly T[])[] {
  const size = Math.ceil(items.length / parts);
  const starts = Array.from({ length: Math.ceil(items.length / size) }, (_, n) => n * size);
  const alone = starts.map((start) => items.slice(start, start + size));
  if (parts === 2) return alone;
  return [...alone, ...starts.map((start) => [...items.slice(0, start), ...items.slice(start + size)])];
}
