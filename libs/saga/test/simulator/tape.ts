/*
 * A tape of integers makes all random decisions of a run, so that the same tape gives the same run. Zero means no
 * fault; numbers after the tape's end are zero, so a shortened tape has fewer faults.
 */
export class Tape {
  /** The choices so far: an equivalent tape without irrelevant differences. */
  readonly chosen: number[] = [];

  constructor(private readonly numbers: readonly number[] | Uint32Array) {}

  get isOver(): boolean {
    return this.chosen.length >= this.numbers.length;
  }

  /** How many numbers were used so far. */
  get position(): number {
    return this.chosen.length;
  }

  /** One of 0 … n − 1. */
  choose(n: number): number {
    const choice = (this.numbers[this.chosen.length] ?? 0) % n;
    this.chosen.push(choice);
    return choice;
  }
}

/** The tape of the n-th schedule of a seed; its content and length depend only on these two numbers. */
export function tapeOf(seed: number, schedule: number): Uint32Array {
  const next = random(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(schedule + 1, 0xc2b2ae35));
  const numbers = new Uint32Array(SHORTEST + (next() % (LONGEST - SHORTEST)));
  for (let index = 0; index < numbers.length; index += 1) numbers[index] = next();
  return numbers;
}

const SHORTEST = 60;
const LONGEST = 600;

/** Mulberry32 (Tommy Ettinger): 32 random bits at a time. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return (bits ^ (bits >>> 14)) >>> 0;
  };
}
