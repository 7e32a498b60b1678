import type { Actor } from '../operator-log';
import type { BulkAction, BulkOrder, Pace } from './bulk-action';
import type { BulkActionRunner } from './bulk-action-runner';
import type { BulkActionStore, ChangeOutcome } from './bulk-action-store';
import type { BulkTargets, ItemPreview } from './bulk-target';

/** The most sagas or dead letters of one bulk action. */
export const MOST_ITEMS = 10_000;
/** How many of them a dry run tries on the engine. */
const MOST_PREVIEWED = 500;

export interface BulkRequest extends Pace {
  readonly order: BulkOrder;
  /** Instead of the filter of the order. */
  readonly ids?: readonly string[] | undefined;
  /** How many items the operator expects. */
  readonly expect?: number | undefined;
  readonly actor: Actor;
  readonly reason: string;
  /** The request as the operator gave it, without sensitive values. */
  readonly request: { readonly where?: object | undefined };
}

/** Why no bulk action was created. */
export type NotCreated =
  | { readonly kind: 'nothing-selected' }
  | { readonly kind: 'too-many' }
  | { readonly kind: 'not-expected'; readonly found: number };

export interface DryRun {
  readonly matched: number;
  /** What would be done to the first of them. */
  readonly previews: readonly ItemPreview[];
}

/** Creates bulk actions and changes them for operators. */
export class BulkActions {
  constructor(
    private readonly store: BulkActionStore,
    private readonly targets: BulkTargets,
    private readonly runner: BulkActionRunner,
  ) {}

  /** Creates a bulk action on what is selected now; it begins at once. */
  async create(
    request: BulkRequest,
  ): Promise<{ readonly kind: 'created'; readonly bulkAction: BulkAction } | NotCreated> {
    const selected = await this.select(request);
    if (!Array.isArray(selected)) return selected;
    const bulkAction = await this.store.create(request, selected);
    this.runner.trigger();
    return { kind: 'created', bulkAction };
  }

  /** Finds out what a bulk action would do, without doing it. */
  async dryRun(request: BulkRequest): Promise<({ readonly kind: 'tried' } & DryRun) | NotCreated> {
    const selected = await this.select(request);
    if (!Array.isArray(selected)) return selected;
    const { order, actor } = request;
    const previews = await this.targets.of(order).preview(order, selected.slice(0, MOST_PREVIEWED), actor.by);
    return { kind: 'tried', matched: selected.length, previews };
  }

  /** It begins no further item; the action of one that has begun is committed before this resolves. */
  async pause(id: string, actor: Actor, reason: string): Promise<ChangeOutcome> {
    return this.store.change(id, 'pause', ['running', 'waiting'], { actor, reason, status: 'paused' });
  }

  /** It goes on, whatever became of its canaries and whatever has failed so far. */
  async resume(id: string, actor: Actor, reason: string): Promise<ChangeOutcome> {
    const outcome = await this.store.change(id, 'resume', ['paused', 'waiting'], { actor, reason, status: 'running' });
    this.runner.trigger();
    return outcome;
  }

  /** It ends; what was left is skipped. */
  async stop(id: string, actor: Actor, reason: string): Promise<ChangeOutcome> {
    const from = ['running', 'waiting', 'paused'] as const;
    return this.store.change(id, 'stop', from, { actor, reason, status: 'stopped' });
  }

  private async select({ order, ids, expect }: BulkRequest): Promise<string[] | NotCreated> {
    const found = ids ? [...new Set(ids)] : await this.targets.of(order).select(order, MOST_ITEMS + 1);
    if (found.length > MOST_ITEMS) return { kind: 'too-many' };
    if (expect !== undefined && found.length !== expect) return { kind: 'not-expected', found: found.length };
    return found.length === 0 ? { kind: 'nothing-selected' } : found;
  }
}
