import { memoryMbOf, type Pids } from './processes';
import { mapValues, medians } from './quantile';

export type MemoryMb = Readonly<Record<string, number>>;

const EVERY_MS = 3_000;

/** Samples the memory of each process at intervals. */
export class MemoryWatch {
  readonly samples: MemoryMb[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly pids: Pids) {}

  look(): MemoryMb {
    return memoryMbOf(this.pids);
  }

  start(): void {
    this.timer = setInterval(() => this.samples.push(this.look()), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

/** Garbage collection makes a heap rise and fall: a smaller difference is not growth. */
const AT_MOST = { percent: 10, mb: 10 };

/** A process whose memory grew, from the middle third of the run to the last. */
export interface Grown {
  readonly process: string;
  readonly middleMb: number;
  readonly lastMb: number;
}

/** The processes whose memory was higher in the last third than in the middle one by more than a tenth and 10 MB. */
export function grownIn(samples: readonly MemoryMb[]): Grown[] {
  const third = Math.floor(samples.length / 3);
  const last = medians(samples.slice(-third));
  const grown = mapValues(medians(samples.slice(third, 2 * third)), (middleMb, process) => ({
    process,
    middleMb,
    lastMb: last[process] ?? Number.NaN,
  }));
  return Object.values(grown).filter(
    ({ middleMb, lastMb }) => lastMb - middleMb > Math.max(AT_MOST.mb, (middleMb * AT_MOST.percent) / 100),
  );
}
