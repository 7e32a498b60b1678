import { stepNamed, type DefinitionRegistry } from '../definition';
import type { OperatorEvent, SagaState } from '../engine';
import { remedyOf, type Interventions, type NotTaken } from '../runner';
import { SagaSearch, type SagaFilter, type SagaStore } from '../store';
import type { BulkAction, BulkOrder, Meant, SagaOrder } from './bulk-action';
import type { Settled } from './bulk-action-store';
import type { BulkTarget, ItemPreview, Settle } from './bulk-target';

const ROUNDS = 20;

type Order = Extract<BulkOrder, { on: 'sagas' }>;

const NO_LONGER = {
  reason: 'no-longer-selected',
  detail: 'It no longer matches what the bulk action was created for.',
} as const;

/** Bulk actions on sagas: each is an operator's action as on a single saga. */
export class BulkSagas implements BulkTarget<Order> {
  private readonly search: SagaSearch;

  constructor(
    private readonly registry: DefinitionRegistry,
    store: SagaStore,
    private readonly interventions: Interventions,
  ) {
    this.search = new SagaSearch(store);
  }

  async select({ where = {} }: Order, limit: number): Promise<string[]> {
    return this.search.ids(where, limit);
  }

  async preview(order: Order, sagaIds: readonly string[], by: string): Promise<ItemPreview[]> {
    const event = eventOf(order, { by, reason: 'a dry run' });
    const previews: ItemPreview[] = [];
    for (const sagaId of sagaIds) {
      const found = await this.interventions.preview({ sagaId, event });
      previews.push(
        found.kind === 'effective'
          ? { targetId: sagaId, commands: found.entry.sent }
          : { targetId: sagaId, commands: [], skipped: whySkipped(found, event, this.registry) },
      );
    }
    return previews;
  }

  async act(order: Order, bulkAction: BulkAction, sagaId: string, settle: Settle): Promise<Settled | 'settled'> {
    const { by, reason, requestId, id: bulkActionId } = bulkAction;
    const event = eventOf(order, { by, reason });
    for (let round = 0; round < ROUNDS; round += 1) {
      const revision = await this.revisionIf(sagaId, order.where);
      if (revision === undefined) return { status: 'skipped', ...NO_LONGER };
      const outcome = await this.interventions.take({
        sagaId,
        event,
        revisions: order.where && [revision],
        requestId,
        bulkActionId,
        alsoWrite: (client, { state, revision: made }) =>
          settle(client, { status: 'done', revision: made, meant: meantBy(order, state) }),
      });
      if (outcome.kind === 'taken') return 'settled';
      // It changed between the two reads: it is looked at again.
      if (outcome.kind !== 'stale') return { status: 'skipped', ...whySkipped(outcome, event, this.registry) };
    }
    throw new Error(`The saga ${sagaId} changed on every attempt to act on it.`);
  }

  /** The revision of the saga, if it still is what was selected; any saga is when it was named by its id. */
  private async revisionIf(sagaId: string, where: SagaFilter | undefined): Promise<number | undefined> {
    if (where === undefined) return 0;
    return this.search.revisionOf(where, sagaId);
  }
}

function eventOf(order: SagaOrder, operator: { readonly by: string; readonly reason: string }): OperatorEvent {
  switch (order.action) {
    case 'resolve': {
      const { step, outcome, reply } = order;
      return { kind: 'resolve', step, outcome, reply, ...operator };
    }
    case 'resume':
      return { kind: 'resume', ...(order.attempts === undefined ? {} : { attempts: order.attempts }), ...operator };
    case 'skip':
      return { kind: 'skip', step: order.step, ...operator };
    default:
      return { kind: order.action, ...operator };
  }
}

/** The end to which the saga is on its way after the action. */
function meantBy({ action }: SagaOrder, { cause }: SagaState): Meant {
  if (action === 'pause') return 'PAUSED';
  return cause === undefined ? 'COMPLETED' : 'COMPENSATED';
}

function whySkipped(
  outcome: NotTaken,
  event: OperatorEvent,
  registry: DefinitionRegistry,
): { readonly reason: string; readonly detail: string } {
  switch (outcome.kind) {
    case 'unknown-saga':
      return { reason: 'unknown-saga', detail: 'No saga has this id.' };
    case 'stale':
      return NO_LONGER;
    case 'halted':
      return { reason: outcome.because, detail: outcome.detail };
    default: {
      const { because, state } = outcome;
      const definition = registry.find(state.definition, state.version);
      if ('step' in event && definition && stepNamed(definition, event.step) === undefined)
        return { reason: 'unknown-step', detail: `${state.definition} v${state.version} has no step ${event.step}.` };
      return { reason: because, detail: remedyOf(because, state, event, definition) };
    }
  }
}
