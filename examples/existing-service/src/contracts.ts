import { defineCommand, defineEvent } from '@palinode/saga/contract';
import { IsBoolean, IsInt, IsOptional, IsUUID, Min } from 'class-validator';

// #region payload
export class CreateInvoice {
  @IsUUID() orderId!: string;
  @IsInt() @Min(1) amountCents!: number;
}
// #endregion
export class OfOrder {
  @IsUUID() orderId!: string;
}
export class AddNote {
  @IsUUID() orderId!: string;
  /** Whether the handler throws after its writes, as if something had gone wrong. */
  @IsOptional() @IsBoolean() throws?: boolean;
}

// #region command
export const createInvoice = defineCommand('billing.create-invoice', { payload: CreateInvoice });
// #endregion
export const voidInvoice = defineCommand('billing.void-invoice', { payload: OfOrder });
export const noteWithDrizzle = defineCommand('billing.note-with-drizzle', { payload: AddNote });
export const noteWithKysely = defineCommand('billing.note-with-kysely', { payload: AddNote });
export const noteWithKnex = defineCommand('billing.note-with-knex', { payload: AddNote });

export const noteAdded = defineEvent('billing.note-added', { payload: OfOrder, subject: ({ orderId }) => orderId });
