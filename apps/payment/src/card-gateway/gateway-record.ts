import { appendFileSync } from 'node:fs';

/** An action of the card gateway. */
export type GatewayAct = { readonly idempotencyKey: string } & (
  | { readonly act: 'authorized'; readonly orderId: string; readonly reference: string; readonly amountCents: number }
  | { readonly act: 'captured'; readonly reference: string }
  | { readonly act: 'voided'; readonly orderId: string }
  | { readonly act: 'refunded'; readonly reference: string; readonly amountCents: number }
);

/**
 * The gateway's own record, one JSON document a line. No rollback and no crash of this process changes it. A repetition
 * under the same key may be recorded again and is the same action.
 */
export class GatewayRecord {
  /** Creates the file at once, so that an idle gateway differs from one without a record. */
  constructor(private readonly file: string | undefined) {
    if (file !== undefined) appendFileSync(file, '');
  }

  add(act: GatewayAct): void {
    if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(act)}\n`);
  }
}
