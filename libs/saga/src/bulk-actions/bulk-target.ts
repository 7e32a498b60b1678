import type { PoolClient } from 'pg';
import type { BulkAction, BulkOrder } from './bulk-action';
import type { Settled } from './bulk-action-store';

/** Settles an item in the transaction of its action. */
export type Settle = (client: PoolClient, settled: Settled) => Promise<void>;

/** What a bulk action would do to one saga or dead letter. */
export interface ItemPreview {
  readonly targetId: string;
  /** Why it would be skipped; undefined when the action would take effect. */
  readonly skipped?: { readonly reason: string; readonly detail: string } | undefined;
  /** The commands that would be sent. */
  readonly commands: readonly PreviewedCommand[];
}

export interface PreviewedCommand {
  readonly command: string;
  readonly step: string;
  readonly direction: 'action' | 'compensation';
  readonly attempt: number;
  /** Whether this id was sent before. */
  readonly again: boolean;
}

/** Something that the action needs does not answer. The item stays pending, and the bulk action goes on later. */
export class NotNowError extends Error {}

/** What bulk actions act on: sagas, or dead letters. */
export interface BulkTarget<Order extends BulkOrder = BulkOrder> {
  /** The ids that the order selects, the oldest first; at most `limit`. */
  select(order: Order, limit: number): Promise<string[]>;
  /** What the action would do now. */
  preview(order: Order, targetIds: readonly string[], by: string): Promise<ItemPreview[]>;
  /**
   * Acts on one of them, if it still is what was selected. Where the action takes effect, `settle` is called in its
   * transaction; otherwise the result says why it is skipped.
   */
  act(order: Order, bulkAction: BulkAction, targetId: string, settle: Settle): Promise<Settled | 'settled'>;
}

/** The targets of all orders. */
export class BulkTargets {
  constructor(
    private readonly sagas: BulkTarget<Extract<BulkOrder, { on: 'sagas' }>>,
    private readonly letters: BulkTarget<Extract<BulkOrder, { on: 'dead-letters' }>>,
  ) {}

  /** The target that this order names. */
  of({ on }: BulkOrder): BulkTarget {
    return on === 'sagas' ? this.sagas : this.letters;
  }
}
