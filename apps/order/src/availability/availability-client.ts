import type { OrderLine } from '@palinode/contracts';

/** A transport for availability queries to the inventory service. */
export interface AvailabilityClient {
  /** Rejects without an answer, and when the signal aborts. The caller must validate the answer. */
  ask(lines: readonly OrderLine[], signal: AbortSignal): Promise<unknown>;
  close(): void;
}
