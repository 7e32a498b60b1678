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
import { recordAction } from './operator-action';
import type { Holds } from './holds/holds';
import type { SagaRunner } from './saga-runner';
import type { SagaStore } from './saga-store';

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

export class Interventions {
  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly store: SagaStore,
    private readonly runner: SagaRunner,
    private readonly log: Log,
    private readonly holds: Holds,
  ) {}

  async take(intervention: Intervention): Promise<InterventionOutcome> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const outcome = await this.takeOnce(intervention);
      if (outcome !== 'lost') return outcome;
    }
    throw new Error(`The saga ${intervention.sagaId} changed on every attempt to act on it; please try again.`);
  }

  private async takeOnce({ sagaId, event, revisions }: Intervention): Promise<InterventionOutcome | 'lost'> {
    const { sagas, now } = await this.store.read([sagaId]);
    const saga = sagas.get(sagaId);
    if (saga === undefined) return { kind: 'unknown-saga' };
    if (revisions?.includes(saga.revision) === false) return { kind: 'stale', revision: saga.revision };
    const decision = previewEvent(this.registry, saga, event, now, this.holds);
    if (decision.kind !== 'effective') return decision;
    const { update, entry } = decision;
    const saved = await this.store.saveWith(update, async (client) => {
      if (event.kind !== 'signalled') await recordAction(client, sagaId, entry, event);
    });
    if (!saved) return 'lost';
    this.runner.publish(update.outbox).catch((error: unknown) => {
      this.log.warn(`commands of the saga ${sagaId} are left to the sweeper: ${String(error)}`);
    });
    return { kind: 'taken' };
  }
}
