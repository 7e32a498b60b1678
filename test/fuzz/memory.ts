import type { MemoryMb } from './health';

/** The most memory of a process at rest: a batch and its results, for each partition that it reads. */
const MOST_MB = 640;
/** The smallest increase since the first round that counts as growth. */
const MORE_MB = 256;

/** Processes that use too much memory, or grow. */
export function grown(first: MemoryMb, last: MemoryMb): string[] {
  return Object.entries(last)
    .filter(([name, mb]) => mb > MOST_MB || mb - (first[name] ?? mb) > MORE_MB)
    .map(([name, mb]) => `${name} uses ${mb} MB; after the first round it used ${first[name]} MB.`);
}
