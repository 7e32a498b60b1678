import { memoryMbOf } from '../measure/memory';
import { median } from '../measure/quantile';

export type MemoryMb = Readonly<Record<string, number>>;

const EVERY_MS = 3_000;

/** Looks at the memory of each process again and again while they work. */
export class MemoryWatch {
  readonly samples: MemoryMb[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly pids: Readonly<Record<string, number>>) {}

  look(): MemoryMb {
    return Object.fromEntries(Object.entries(this.pids).map(([process, pid]) => [process, memoryMbOf(pid)]));
  }

  start(): void {
    this.timer = setInterval(() => this.samples.push(this.look()), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

/** Of each process the middle one of these samples. */
export function middleOf(samples: readonly MemoryMb[]): MemoryMb {
  const processes = Object.keys(samples[0] ?? {});
  return Object.fromEntries(
    processes.map((process) => [process, median(samples.map((each) => each[process] ?? Number.NaN))]),
  );
}
