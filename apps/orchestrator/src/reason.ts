import type { CompensationCause } from '@palinode/saga/orchestrator';

/** The reason that the customer sees for a dropped change: the refusal's reason, or the kind of failure. */
export function reasonOf({ kind, reason }: CompensationCause): string {
  return kind === 'refusal' ? reason : kind;
}
