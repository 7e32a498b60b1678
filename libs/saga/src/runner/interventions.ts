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
import { SagaMask, type OperatorEvent, type SignalledEvent } from '../engine';
import { sleep, type Log } from '../messaging';
import { previewEvent, type Effective, type Refused } from './preview-event';
import { recordAction, type RequestedAction, type SagaStore, type SagaUpdate, type StoredSaga } from '../store';
import type { PoolClient } from 'pg';
import type { Holds } from '../holds';
import { originOf, type Origin } from '../operator-log';
import type { SagaRunner } from './saga-runner';

const PUBLISHED_WITHIN_MS = 1_000;

/** Who sends a signal, and why. */
interface Sender {
  readonly by: string;
  readonly reason?: string | undefined;
}

/** The event of an operator says who acts and why; that of a signal does not. */
type Requested =
  | { readonly event: OperatorEvent; readonly sender?: undefined }
  | { readonly event: SignalledEvent; readonly sender: Sender };

interface InterventionOn extends Origin {
  readonly sagaId: string;
  /** The revisions on which it may take effect; any, when absent. */
  readonly revisions?: readonly number[] | undefined;
  /** The bulk action of which it is part. */
  readonly bulkActionId?: string | undefined;
  /** What else is written in its transaction; an error undoes all of it. */
  readonly alsoWrite?: ((client: PoolClient, update: SagaUpdate) => Promise<void>) | undefined;
}

export type Intervention = InterventionOn & Requested;

/** Why an intervention changed nothing. */
export type NotTaken =
  | { readonly kind: 'unknown-saga' }
  /** The saga has another revision by now. */
  | { readonly kind: 'stale'; readonly revision: number }
  | Refused;

/** What an intervention would do. */
export interface Preview extends Effective {
  /** The saga as it is. */
  readonly saga: StoredSaga;
}

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

  /** What the intervention would do now, and to what saga; nothing is changed. */
  async preview({
    sagaId,
    event,
    revisions,
  }: Pick<Intervention, 'sagaId' | 'event' | 'revisions'>): Promise<Preview | NotTaken> {
    const { registry, store, holds } = this.parts;
    const { sagas, now } = await store.read([sagaId]);
    const saga = sagas.get(sagaId);
    if (saga === undefined) return { kind: 'unknown-saga' };
    if (revisions?.includes(saga.revision) === false) return { kind: 'stale', revision: saga.revision };
    const decision = previewEvent(registry, saga, event, now, holds);
    return decision.kind === 'effective' ? { ...decision, saga } : decision;
  }

  private async takeOnce(intervention: Intervention): Promise<InterventionOutcome | 'lost'> {
    const { registry, store, runner, log } = this.parts;
    const { sagaId, bulkActionId, alsoWrite } = intervention;
    const decision = await this.preview(intervention);
    if (decision.kind !== 'effective') return decision;
    const { update, entry, saga } = decision;
    const saved = await store.saveWith(update, async (client) => {
      await alsoWrite?.(client, update);
      const change = { before: saga.state, after: update.state };
      // The log of operators is kept for ever, and shown: it has no sensitive data.
      const mask = new SagaMask(registry.find(saga.state.definition, saga.state.version), saga.state);
      await recordAction(client, store.tables, {
        requested: requestedBy(intervention, mask),
        entry,
        ...change,
        ...originOf(intervention),
        bulkActionId,
      });
    });
    if (!saved) return 'lost';
    runner.sagaLog.saved(update);
    const waited = new AbortController();
    const published = runner
      .publish(update.outbox)
      .catch((error: unknown) => {
        const { subject } = update.state;
        log.warn(`commands of the saga ${sagaId} are left to the sweeper: ${String(error)}`, { saga: sagaId, subject });
      })
      .finally(() => waited.abort());
    // While the broker is away many actions do not pile up here, and the operator is answered all the same.
    await Promise.race([published, sleep(PUBLISHED_WITHIN_MS, waited.signal)]);
    return { kind: 'taken' };
  }
}

function requestedBy({ event, sender }: Requested, mask: SagaMask): RequestedAction {
  if (sender === undefined) return mask.event(event);
  const { signal, payload } = mask.event(event);
  return { kind: 'signal', signal, payload, ...sender };
}
