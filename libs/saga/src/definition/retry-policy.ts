import { milliseconds, type Duration } from '../contract';

/** How long to wait before the next attempt after n failures. */
export interface Backoff {
  readonly firstMs: number;
  readonly factor: number;
  readonly capMs: number;
}

/** Doubles the wait after every failure, from `first` up to `cap` (default 10 s). */
export function exponential(first: Duration, { cap = '10s' }: { cap?: Duration } = {}): Backoff {
  return { firstMs: milliseconds(first), factor: 2, capMs: milliseconds(cap) };
}

/** Waits the same time before every attempt. */
export function constant(wait: Duration): Backoff {
  return { firstMs: milliseconds(wait), factor: 1, capMs: milliseconds(wait) };
}

/**
 * Returns the wait after this attempt (1, 2, …) failed: between half of the backoff and all of it, spread by the seed,
 * so that sagas that failed together do not retry together. A pure function: the same attempt of the same saga always
 * waits equally long.
 */
export function delayAfter({ firstMs, factor, capMs }: Backoff, attempt: number, seed: string): number {
  const full = Math.min(capMs, firstMs * factor ** Math.min(attempt - 1, 60));
  return Math.max(1, Math.round(full * (0.5 + 0.5 * fraction(`${seed}/${attempt}`))));
}

/** Hashes text by FNV-1a (Fowler, Noll, Vo) to a fraction from 0 to 1. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash / 0x1_0000_0000;
}
