import type { CompensationCause } from '@palinode/saga/orchestrator';

/** What the customer may read of why nothing came of a wish: the refusal's reason, or the kind of trouble. */
export function reasonOf({ kind, reason }: CompensationCause): string {
  return kind === 'refusal' ? reason : kind;
}
