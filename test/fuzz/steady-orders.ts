import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { anOrder, type ShopClient } from '../end-to-end/shop-client';

interface Accepted {
  readonly orderId: string;
  readonly sagaId: string;
  readonly wanted: 'APPROVED' | 'REJECTED';
}

const THINK_MS = 400;
/** Articles that no message of the fuzz contains. */
const SKUS = ['SKU-BEANS-1KG', 'SKU-GRINDER', 'SKU-SCALE'];

/** A customer whose orders are independent of the fuzz, and must end as usual. */
export class SteadyOrders {
  /** Orders that the shop has accepted, and that have ended as expected. */
  ended = 0;
  private readonly open: Accepted[] = [];
  private placed = 0;
  private readonly stopping = new AbortController();
  private readonly ordering: Promise<void>;

  constructor(
    private readonly shop: ShopClient,
    private readonly withinMs: number,
  ) {
    this.ordering = this.order();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ordering;
  }

  /** The problems of the orders so far. Waits until one more is accepted, and all accepted ones have ended. */
  async problems(): Promise<string[]> {
    const before = this.placed;
    try {
      const deadline = { deadlineMs: this.withinMs, everyMs: 50 };
      await waitUntil('another order to be accepted', () => this.placed > before, deadline);
    } catch {
      return [`No order was accepted for ${this.withinMs / 1_000} s.`];
    }
    const found: string[] = [];
    for (const each of this.open.splice(0)) {
      const status = await this.end(each);
      if (status !== each.wanted)
        found.push(`Order ${each.orderId} (saga ${each.sagaId}) should be ${each.wanted}, but is ${status}.`);
      else this.ended += 1;
    }
    return found;
  }

  private async end({ orderId }: Accepted): Promise<string> {
    let status = 'gone';
    const ended = async (): Promise<boolean> => {
      ({ status } = await this.shop.order(orderId));
      return status === 'APPROVED' || status === 'REJECTED';
    };
    await waitUntil(`order ${orderId} to end`, ended, { deadlineMs: this.withinMs, everyMs: 50 }).catch(
      () => undefined,
    );
    return status;
  }

  private async order(): Promise<void> {
    const { signal } = this.stopping;
    for (let n = 0; !signal.aborted; n += 1) {
      const declined = n % 5 === 4;
      const line = { sku: SKUS[n % SKUS.length] ?? '', quantity: 1 };
      const order = anOrder({
        customerId: 'steady',
        lines: [line],
        paymentToken: declined ? 'tok_declined' : 'tok_ok',
      });
      const answer = await this.shop.place(order).catch(() => undefined);
      if (answer?.status === 202) {
        const { orderId, sagaId } = answer.body;
        this.open.push({ orderId, sagaId, wanted: declined ? 'REJECTED' : 'APPROVED' });
        this.placed += 1;
      }
      await sleep(THINK_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
