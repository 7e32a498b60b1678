import { defineCommand } from '@palinode/saga/contract';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsInt, IsUUID, Matches, ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { CURRENCY, CUSTOMER_ID, REASON } from './identifiers';
import { OrderLine } from './order-line';

export class ConfirmOrder {
  @IsUUID()
  orderId!: string;
}

export class RejectOrder {
  @IsUUID()
  orderId!: string;

  /** The reason of the refusal that caused it, or the kind of failure: `failure`, `no-answer`, `deadline`, `cancelled`. */
  @Matches(REASON)
  @JSONSchema({ examples: ['out-of-stock'] })
  reason!: string;
}

export class FinishCancellation {
  @IsUUID()
  orderId!: string;
}

export class DropCancellation {
  @IsUUID()
  orderId!: string;

  /** Why the order was not cancelled, with the values of `RejectOrder`. */
  @Matches(REASON)
  @JSONSchema({ examples: ['out-of-stock'] })
  reason!: string;
}

export class BeginRevision {
  @IsUUID()
  orderId!: string;

  @IsUUID()
  revisionId!: string;
}

/** What the revision changes, computed when the order is held for it, because other revisions may come first. */
export class RevisionBegun {
  @Matches(CUSTOMER_ID)
  customerId!: string;

  @Matches(CURRENCY)
  currency!: string;

  /**
   * The price difference, negative when cheaper. It cannot change until the revision has ended, because the order is held.
   */
  @IsInt()
  differenceCents!: number;

  @ValidateNested({ each: true })
  @ArrayMaxSize(50)
  @Type(() => OrderLine)
  added!: OrderLine[];

  @ValidateNested({ each: true })
  @ArrayMaxSize(50)
  @Type(() => OrderLine)
  removed!: OrderLine[];
}

export class EndRevision {
  @IsUUID()
  orderId!: string;

  @IsUUID()
  revisionId!: string;
}

export class DropRevision {
  @IsUUID()
  orderId!: string;

  @IsUUID()
  revisionId!: string;

  /** Why the revision was dropped, with the values of `RejectOrder`. */
  @Matches(REASON)
  @JSONSchema({ examples: ['out-of-stock'] })
  reason!: string;
}

export class CommitRevision {
  @IsUUID()
  orderId!: string;

  @IsUUID()
  revisionId!: string;
}

export class FinishRevision {
  @IsUUID()
  orderId!: string;

  @IsUUID()
  revisionId!: string;
}

/** Approves the order. */
export const confirmOrder = defineCommand('order.confirm', { payload: ConfirmOrder });

/** Rejects the order, for a reason that the customer may read. */
export const rejectOrder = defineCommand('order.reject', { payload: RejectOrder });

/** Marks the order as cancelled: it is refunded and its stock is returned. */
export const finishCancellation = defineCommand('order.finish-cancellation', { payload: FinishCancellation });

/** Drops the cancellation: the order stays approved. */
export const dropCancellation = defineCommand('order.drop-cancellation', { payload: DropCancellation });

/** Holds an approved order for its revision. Fails, and is retried, while the order is pending. */
export const beginRevision = defineCommand('order.begin-revision', {
  payload: BeginRevision,
  reply: RevisionBegun,
  refusals: ['not-revisable'],
});

/** Releases an order that was held for a revision. */
export const endRevision = defineCommand('order.end-revision', { payload: EndRevision });

/** Drops the revision. */
export const dropRevision = defineCommand('order.drop-revision', { payload: DropRevision });

/** Commits the revision; it is not compensated after that. The order is still held for it. */
export const commitRevision = defineCommand('order.commit-revision', { payload: CommitRevision });

/** Applies the revision to the order and releases the order. */
export const finishRevision = defineCommand('order.finish-revision', { payload: FinishRevision });
