/* One action on many sagas or dead letters, whose ids are fixed when it is created. */
import type { DeadLetterFilter } from '../dead-letters';
import type { OperatorEvent } from '../engine';
import type { SagaFilter } from '../store';

export const BULK_SAGA_ACTIONS = [
  'resume',
  'retry',
  'pause',
  'cancel',
  'resolve',
  'skip',
] as const satisfies readonly OperatorEvent['kind'][];
export const BULK_LETTER_ACTIONS = ['redrive', 'discard'] as const;

export type BulkSagaAction = (typeof BULK_SAGA_ACTIONS)[number];
export type BulkLetterAction = (typeof BULK_LETTER_ACTIONS)[number];

/**
 * `running`: it takes one item after the other. `waiting`: its canaries are done, and what becomes of them is not known
 * yet; it goes on by itself when all have ended as meant. `paused`: it waits for an operator; `why` says since what.
 * `completed`: no item is left. `stopped`: an operator ended it; what was left is skipped. The last two are final.
 */
export const BULK_ACTION_STATUSES = ['running', 'waiting', 'paused', 'completed', 'stopped'] as const;
export type BulkActionStatus = (typeof BULK_ACTION_STATUSES)[number];

/**
 * `pending`: its turn has not come. `done`: the action took effect. `skipped`: it had nothing to act on when its turn
 * came; `reason` says why. `failed`: an unexpected error.
 */
export const ITEM_STATUSES = ['pending', 'done', 'skipped', 'failed'] as const;
export type ItemStatus = (typeof ITEM_STATUSES)[number];

/** What to do to each saga. */
export type SagaOrder =
  | { readonly action: Exclude<BulkSagaAction, 'resume' | 'resolve' | 'skip'> }
  /** `attempts`: how many a step gets before its saga pauses again. */
  | { readonly action: 'resume'; readonly attempts?: number | undefined }
  | {
      readonly action: 'resolve';
      readonly step: string;
      readonly outcome: 'success' | 'failure';
      readonly reply?: object | undefined;
    }
  | { readonly action: 'skip'; readonly step: string };

/** What to do to which sagas, or which dead letters. */
export type BulkOrder =
  | (SagaOrder & { readonly on: 'sagas'; readonly where?: SagaFilter | undefined })
  | { readonly on: 'dead-letters'; readonly action: BulkLetterAction; readonly where?: DeadLetterFilter | undefined };

/** How a bulk action goes about it. */
export interface Pace {
  /** How many items to act on before it waits for what becomes of them; all at once when absent. */
  readonly canary?: number | undefined;
  /** How many items a second. */
  readonly rate: number;
  /** Whether it pauses when an item fails, or when a saga comes to another end than was meant. */
  readonly stopOnFailure: boolean;
}

export interface BulkAction extends Pace {
  readonly id: string;
  readonly order: BulkOrder;
  /** The filters as the operator gave them, without sensitive values. */
  readonly where: object | undefined;
  readonly by: string;
  readonly reason: string;
  readonly requestId: string | undefined;
  readonly createdAt: number;
  readonly status: BulkActionStatus;
  /** Whether its canaries ended as meant, or an operator resumed it all the same. */
  readonly canaryPassed: boolean;
  /** Why it waits, is paused or was stopped. */
  readonly why: string | undefined;
  readonly total: number;
  /** How many failures were known when an operator resumed it. */
  readonly failuresAccepted: number;
  readonly endedAt: number | undefined;
}

export interface BulkActionItem {
  /** The saga or dead letter. */
  readonly targetId: string;
  readonly status: ItemStatus;
  readonly at: number | undefined;
  /** Why it was skipped or failed. */
  readonly reason: string | undefined;
  readonly detail: string | undefined;
  /** The revision of the saga that the action made. */
  readonly revision: number | undefined;
  /** To what it should come by the action; only of `done`. */
  readonly meant: Meant | undefined;
}

/** What the action should lead to: a status of the saga, or of the dead letter. */
export type Meant = 'COMPLETED' | 'COMPENSATED' | 'PAUSED' | 'handled' | 'discarded';

/** What became of a saga or dead letter after the action. */
export type ItemOutcome = 'pending' | 'as-meant' | 'otherwise';
export const OUTCOMES = ['pending', 'as-meant', 'otherwise'] as const satisfies readonly ItemOutcome[];

/** How many items are where. */
export interface Progress {
  readonly items: Readonly<Record<ItemStatus, number>>;
  /** Of those that are done. */
  readonly outcomes: Readonly<Record<ItemOutcome, number>>;
}
