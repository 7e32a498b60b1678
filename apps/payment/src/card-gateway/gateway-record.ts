import { appendFileSync } from 'node:fs';

/** Something that the card gateway did. */
export type GatewayAct = { readonly idempotencyKey: string } & (
  | { readonly act: 'authorized'; readonly orderId: string; readonly reference: string; readonly amountCents: number }
  | { readonly act: 'captured'; readonly reference: string }
  | { readonly act: 'voided'; readonly orderId: string }
  | { readonly act: 'refunded'; readonly reference: string; readonly amountCents: number }
);

/**
 * What the gateway has done, one JSON document a line: its own books, which no rollback and no death of this process touches.
 * A repetition under the same key may be written down again, and is the same act.
 */
export class GatewayRecord {
  /** The file is there from now on, so that a gateway which has done nothing is told from one that keeps no record. */
  constructor(private readonly file: string | undefined) {
    if (file !== undefined) appendFileSync(file, '');
  }

  add(act: GatewayAct): void {
    if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(act)}\n`);
  }
}
