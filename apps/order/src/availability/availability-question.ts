import type { OrderLine } from '@palinode/contracts';

/** A way to ask the inventory service what it has. */
export interface AvailabilityQuestion {
  /** Rejects without an answer, and gives up when the signal says so. What comes may be anything: whoever asks checks it. */
  ask(lines: readonly OrderLine[], signal: AbortSignal): Promise<unknown>;
  close(): void;
}
