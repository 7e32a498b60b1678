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

  /** The reason of the refusal that began it, or the kind of trouble: `failure`, `no-answer`, `deadline`, `cancelled`. */
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

  /** Why the order stands, as in `RejectOrder`. */
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

/** What the revision changes, told when the order is held for it: until then other revisions may come first. */
export class RevisionBegun {
  @Matches(CUSTOMER_ID)
  customerId!: string;

  @Matches(CURRENCY)
  currency!: string;

  /** What the order costs more, or less when negative. It stays so until the revision has ended, since the order is held. */
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

  /** Why nothing comes of it, as in `RejectOrder`. */
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

/** The customer gets what was ordered. */
export const confirmOrder = defineCommand('order.confirm', { payload: ConfirmOrder });

/** Takes the order back, for a reason that the customer may read. */
export const rejectOrder = defineCommand('order.reject', { payload: RejectOrder });

/** The order is cancelled: paid back, and out of the books. */
export const finishCancellation = defineCommand('order.finish-cancellation', { payload: FinishCancellation });

/** Takes the customer's wish to cancel back: the order stands as it was. */
export const dropCancellation = defineCommand('order.drop-cancellation', { payload: DropCancellation });

/** Holds an approved order for its revision. Fails, to be tried again, while the order is pending. */
export const beginRevision = defineCommand('order.begin-revision', {
  payload: BeginRevision,
  reply: RevisionBegun,
  refusals: ['not-revisable'],
});

/** Lets go of an order that was held for a revision. */
export const endRevision = defineCommand('order.end-revision', { payload: EndRevision });

/** Takes the customer's wish for a revision back. */
export const dropRevision = defineCommand('order.drop-revision', { payload: DropRevision });

/** The revision will be done: nothing takes it back any more. The order stays held for it. */
export const commitRevision = defineCommand('order.commit-revision', { payload: CommitRevision });

/** The order is what the revision says from now on, and is held for it no longer. */
export const finishRevision = defineCommand('order.finish-revision', { payload: FinishRevision });
