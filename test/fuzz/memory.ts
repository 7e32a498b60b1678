import type { MemoryMb } from './health';

/** What a process may take, at rest: a batch and what becomes of it, for as many partitions as it reads. */
const MOST_MB = 640;
/** What a heap may have more at the end than after the first round, before it counts as growth. */
const MORE_MB = 256;

/** Processes that take too much, or grow. */
export function grown(first: MemoryMb, last: MemoryMb): string[] {
  return Object.entries(last)
    .filter(([name, mb]) => mb > MOST_MB || mb - (first[name] ?? mb) > MORE_MB)
    .map(([name, mb]) => `${name} takes ${mb} MB; after the first round it took ${first[name]} MB.`);
}
