/*
 * What somebody does to one saga from outside the flow of messages, and wants to know the outcome of. It either takes
 * effect, in one transaction with its record, or changes nothing at all.
 *
 * 1. The revision is compared in the statement that saves: between looking and acting nobody else comes.
 * 2. What the engine ignores is answered with why, and leaves no trace in the history.
 * 3. Committed is done: what the broker does not take now, the sweeper sends.
 */
import type { DefinitionRegistry } from '../definition';
import type { Log } from '../messaging';
import { previewEvent, type InterventionEvent, type Refused } from './preview-event';
import { recordAction, type SagaStore } from '../store';
import type { Holds } from '../holds';
import type { SagaRunner } from './saga-runner';

export interface Intervention {
  readonly sagaId: string;
  readonly event: InterventionEvent;
  /** The revisions on which it may take effect; any, when absent. */
  readonly revisions?: readonly number[] | undefined;
}

/** Why an intervention changed nothing. */
export type NotTaken =
  | { readonly kind: 'unknown-saga' }
  /** It stands on another revision by now. */
  | { readonly kind: 'stale'; readonly revision: number }
  | Refused;

type InterventionOutcome = { readonly kind: 'taken' } | NotTaken;

const ROUNDS = 20;

interface InterventionsParts {
  readonly registry: DefinitionRegistry;
  readonly store: SagaStore;
  readonly runner: SagaRunner;
  readonly holds: Holds;
  readonly log: Log;
}

export class Interventions {
  constructor(private readonly parts: InterventionsParts) {}

  async take(intervention: Intervention): Promise<InterventionOutcome> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const outcome = await this.takeOnce(intervention);
      if (outcome !== 'lost') return outcome;
    }
    throw new Error(`The saga ${intervention.sagaId} moves faster than anybody can act on it; please try again.`);
  }

  private async takeOnce({ sagaId, event, revisions }: Intervention): Promise<InterventionOutcome | 'lost'> {
    const { registry, store, runner, holds, log } = this.parts;
    const { sagas, now } = await store.read([sagaId]);
    const saga = sagas.get(sagaId);
    if (saga === undefined) return { kind: 'unknown-saga' };
    if (revisions?.includes(saga.revision) === false) return { kind: 'stale', revision: saga.revision };
    const decision = previewEvent(registry, saga, event, now, holds);
    if (decision.kind !== 'effective') return decision;
    const { update: turn, entry } = decision;
    const saved = await store.saveWith(turn, async (client) => {
      if (event.kind !== 'signalled') await recordAction(client, sagaId, entry, event);
    });
    if (!saved) return 'lost';
    runner.publish(turn.outbox).catch((error: unknown) => {
      log.warn(`commands of the saga ${sagaId} are left to the sweeper: ${String(error)}`);
    });
    return { kind: 'taken' };
  }
}
