import type { DeadLetterStore, Redriver, RedriveOutcome } from '../dead-letters';
import type { BulkAction, BulkOrder } from './bulk-action';
import type { Settled } from './bulk-action-store';
import { NotNowError, type BulkTarget, type ItemPreview, type Settle } from './bulk-target';

type Order = Extract<BulkOrder, { on: 'dead-letters' }>;

/** Bulk actions on dead letters: each is redriven or discarded as a single one is. */
export class BulkLetters implements BulkTarget<Order> {
  constructor(
    private readonly store: DeadLetterStore,
    private readonly redriver: Redriver,
  ) {}

  async select({ where = {} }: Order, limit: number): Promise<string[]> {
    return this.store.openIds(where, undefined, limit);
  }

  async preview({ action }: Order, letterIds: readonly string[]): Promise<ItemPreview[]> {
    const previews: ItemPreview[] = [];
    let unread: RedriveOutcome | undefined;
    for (const targetId of letterIds) {
      // The broker is away, so it is not asked again for each.
      const obstacle: RedriveOutcome | undefined = unread ?? (await this.redriver.obstacleTo(action, targetId));
      if (obstacle && isUnread(obstacle)) unread = obstacle;
      previews.push({ targetId, commands: [], skipped: obstacle && whySkipped(obstacle) });
    }
    return previews;
  }

  async act({ action }: Order, bulkAction: BulkAction, letterId: string, settle: Settle): Promise<Settled | 'settled'> {
    const { by, reason: because, requestId, id: bulkActionId } = bulkAction;
    let decided = false;
    const decision = {
      by,
      because,
      requestId,
      bulkActionId,
      alsoWrite: async (client: Parameters<Settle>[0]) => {
        decided = true;
        await settle(client, { status: 'done', meant: action === 'redrive' ? 'handled' : 'discarded' });
      },
    };
    const outcome = await this.redriver[action](letterId, decision);
    if (decided) return 'settled';
    if (isUnread(outcome)) throw new NotNowError(whySkipped(outcome).detail);
    return { status: 'skipped', ...whySkipped(outcome) };
  }
}

/** The broker does not answer, so that nothing is known of the message. */
function isUnread(outcome: RedriveOutcome): boolean {
  return outcome.kind === 'doubted' && outcome.rejection.reason === 'not-read';
}

function whySkipped(outcome: RedriveOutcome): { readonly reason: string; readonly detail: string } {
  switch (outcome.kind) {
    case 'unknown':
      return { reason: 'unknown', detail: 'No dead letter has this id.' };
    case 'not-redrivable':
    case 'doubted':
      return { reason: outcome.rejection.reason, detail: outcome.rejection.detail ?? '' };
    default: {
      const { status, decision } = outcome.letter;
      const detail = decision && `${decision.by} has decided before: ${decision.because}`;
      return { reason: `already-${status}`, detail: detail ?? `It is ${status}.` };
    }
  }
}
