import { middleOf, type MemoryMb } from './memory-watch';

/** Collectors let a heap breathe: less than this is no growth. */
const AT_MOST = { percent: 10, mb: 10 };

/** A process whose memory grew, from the middle third of the run to the last. */
export interface Grown {
  readonly process: string;
  readonly middleMb: number;
  readonly lastMb: number;
}

/** Those whose memory did not stay flat: in the last third more than in the middle one by more than a tenth and 10 MB. */
export function grownIn(samples: readonly MemoryMb[]): Grown[] {
  const third = Math.floor(samples.length / 3);
  const middle = middleOf(samples.slice(third, 2 * third));
  const last = middleOf(samples.slice(-third));
  return Object.entries(middle)
    .map(([process, middleMb]) => ({ process, middleMb, lastMb: last[process] ?? Number.NaN }))
    .filter(({ middleMb, lastMb }) => lastMb - middleMb > Math.max(AT_MOST.mb, (middleMb * AT_MOST.percent) / 100));
}
