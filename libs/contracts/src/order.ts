import { defineCommand } from '@palinode/saga/contract';
import { IsUUID, Matches } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { REASON } from './identifiers';

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

/** The customer gets what was ordered. */
export const confirmOrder = defineCommand('order.confirm', { payload: ConfirmOrder });

/** Takes the order back, for a reason that the customer may read. */
export const rejectOrder = defineCommand('order.reject', { payload: RejectOrder });
