/*
 * Applies an operator's action to one saga and returns the outcome. The action either takes effect, in one transaction
 * with its record, or changes nothing.
 *
 * 1. The revision is compared in the statement that saves, so nothing else can change the saga between reading and
 *    saving.
 * 2. An event that the engine ignores is answered with the reason and leaves no entry in the history.
 * 3. A committed action succeeds: if the broker does not take its commands now, the sweeper sends them.
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
  /** The saga has another revision by now. */
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
    throw new Error(`The saga ${intervention.sagaId} changed on every attempt to act on it; please try again.`);
  }

  private async takeOnce({ sagaId, event, revisions }: Intervention): Promise<InterventionOutcome | 'lost'> {
    const { registry, store, runner, holds, log } = this.parts;
    const { sagas, now } = await store.read([sagaId]);
    const saga = sagas.get(sagaId);
    if (saga === undefined) return { kind: 'unknown-saga' };
    if (revisions?.includes(saga.revision) === false) return { kind: 'stale', revision: saga.revision };
    const decision = previewEvent(registry, saga, event, now, holds);
    if (decision.kind !== 'effective') return decision;
    const { update, entry } = decision;
    const saved = await store.saveWith(update, async (client) => {
      if (event.kind !== 'signalled') await recordAction(client, store.tables, { sagaId, entry, event });
    });
    if (!saved) return 'lost';
    runner.sagaLog.saved(update);
    runner.publish(update.outbox).catch((error: unknown) => {
      const { subject } = update.state;
      log.warn(`commands of the saga ${sagaId} are left to the sweeper: ${String(error)}`, { saga: sagaId, subject });
    });
    return { kind: 'taken' };
  }
}
