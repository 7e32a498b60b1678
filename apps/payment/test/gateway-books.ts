/* Compares the card gateway's own record with our ledger. */
import { existsSync, readFileSync } from 'node:fs';
import { GiveUp } from '@palinode/testing-support/wait-until';
import type { GatewayAct } from '../src/card-gateway/fake-card-gateway';
import { join } from 'node:path';

const fileIn = (directory: string): string => join(directory, 'card-gateway.jsonl');

/** The environment of a payment service whose gateway records its actions in this directory. */
export function recordingGateway(directory: string): Record<string, string> {
  return { CARD_GATEWAY_RECORD: fileIn(directory) };
}

/** The receivable and the captured amount of each order by our ledger. */
export interface LedgerOfOrder {
  readonly orderId: string;
  readonly receivable: number;
}

/** Rows of {@link LedgerOfOrder}. */
export const LEDGER_BY_ORDER = `
  SELECT order_id AS "orderId", sum(amount_cents)::int AS receivable FROM ledger_entry
  WHERE account = 'receivable' GROUP BY order_id`;

/** Throws {@link GiveUp} when there is no record file, because waiting would not help. */
export function gatewayBooks(directory: string): GatewayBooks {
  const file = fileIn(directory);
  if (!existsSync(file))
    throw new GiveUp(`No card gateway keeps ${file}; start the payment service with recordingGateway(directory).`);
  return new GatewayBooks(readFileSync(file, 'utf8').trimEnd().split('\n'));
}

interface Payment {
  readonly orderId: string;
  readonly amountCents: number;
  captured: boolean;
  voided: boolean;
  refunds: number[];
}

export class GatewayBooks {
  private readonly payments = new Map<string, Payment>();
  private readonly seen = new Set<string>();

  constructor(lines: readonly string[]) {
    for (const line of lines) if (line !== '') this.take(JSON.parse(line) as GatewayAct);
  }

  /** How many refunds the order got. */
  refundsOf(orderId: string): number {
    return this.of(orderId).reduce((count, { refunds }) => count + refunds.length, 0);
  }

  /** The differences between the gateway's record and the ledger; empty when they agree. */
  differencesTo(ledger: readonly LedgerOfOrder[]): string[] {
    const ours = new Map(ledger.map(({ orderId, receivable }) => [orderId, receivable]));
    const orders = new Set([...ours.keys(), ...[...this.payments.values()].map(({ orderId }) => orderId)]);
    return [...orders].flatMap((orderId) => {
      const [theirs, own] = [this.dueFor(orderId), ours.get(orderId) ?? 0];
      return theirs === own
        ? []
        : [`the gateway holds or has taken ${theirs} cents for order ${orderId}, by the ledger it is ${own}`];
    });
  }

  private dueFor(orderId: string): number {
    return this.of(orderId)
      .filter(({ captured, voided }) => captured || !voided)
      .reduce((sum, { amountCents, refunds }) => sum + amountCents - refunds.reduce((a, b) => a + b, 0), 0);
  }

  private of(orderId: string): Payment[] {
    return [...this.payments.values()].filter((payment) => payment.orderId === orderId);
  }

  private take(act: GatewayAct): void {
    const key = `${act.act} ${act.idempotencyKey}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    if (act.act === 'voided') for (const payment of this.of(act.orderId)) payment.voided = true;
    else if (act.act === 'authorized') this.authorize(act);
    else {
      const payment = this.payments.get(act.reference);
      if (payment === undefined) throw new Error(`The gateway ${act.act} ${act.reference}, which it never authorized.`);
      if (act.act === 'captured') payment.captured = true;
      else payment.refunds.push(act.amountCents);
    }
  }

  private authorize({ reference, orderId, amountCents }: GatewayAct & { act: 'authorized' }): void {
    this.payments.set(reference, { orderId, amountCents, captured: false, voided: false, refunds: [] });
  }
}
