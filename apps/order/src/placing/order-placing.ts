import { Injectable } from '@nestjs/common';
import { orderPlaced, placeOrder, type OrderPlaced, type PlaceOrder } from '@palinode/contracts';
import type { Carried } from '@palinode/saga/contract';
import { Events, Sagas } from '@palinode/saga/participant';
import { GroupCommit } from '@palinode/service';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { Admission } from '../admission/admission';
import { Availability } from '../availability/availability';
import { outOfStock } from '../availability/out-of-stock';
import { Catalogue } from '../catalogue/catalogue';
import { IdempotencyKeys, type IdempotentRequest } from '../idempotency/idempotency-keys';
import { Orders } from '../orders/orders';
import { WebhookTargets } from '../webhooks/webhook-targets';
import type { OrderRequest } from './placing-messages';
import { faultOfToken } from './magic-tokens';
import { price, type Priced } from './pricing';

export interface PlacedOrder {
  readonly orderId: string;
  readonly sagaId: string;
  /** Whether an earlier request with the same key placed it. */
  readonly repeated: boolean;
}

interface Draft {
  readonly input: PlaceOrder;
  readonly priced: Priced;
  /** What the saga's messages carry along: in development, the fault to inject. */
  readonly carried: Carried | undefined;
  /** The URL that is called on the order's events. */
  readonly webhookUrl: string | undefined;
}

/** Places orders: writes the order, the start of its saga and its event in one transaction. */
@Injectable()
export class OrderPlacing {
  private readonly group = new GroupCommit<Draft, string>((drafts) =>
    this.dataSource.transaction((tx) => this.write(tx, drafts)),
  );

  constructor(
    private readonly dataSource: DataSource,
    private readonly admission: Admission,
    private readonly availability: Availability,
    private readonly catalogue: Catalogue,
    private readonly keys: IdempotencyKeys,
    private readonly webhooks: WebhookTargets,
    private readonly orders: Orders,
    private readonly sagas: Sagas,
    private readonly events: Events,
  ) {}

  place(request: OrderRequest, idempotent?: IdempotentRequest, fault?: string): Promise<PlacedOrder> {
    return this.admission.admit(() => this.placeAdmitted(request, idempotent, fault));
  }

  private async placeAdmitted(
    request: OrderRequest,
    idempotent: IdempotentRequest | undefined,
    fault: string | undefined,
  ): Promise<PlacedOrder> {
    const draft = this.draft(request, fault);
    const { orderId, lines } = draft.input;
    if (this.availability.isEnabled) {
      const shortages = await this.availability.shortages(lines);
      if (shortages.length > 0) return this.rejectUnlessRepeated(outOfStock(lines, shortages), idempotent);
    }
    if (idempotent === undefined) return { orderId, sagaId: await this.group.add(draft), repeated: false };
    const sagaId = await this.placeOnce(draft, idempotent);
    if (sagaId !== undefined) return { orderId, sagaId, repeated: false };
    return this.rejectUnlessRepeated(new Error(`the idempotency key ${idempotent.key} vanished`), idempotent);
  }

  /** A request that was answered before gets the same order again, even if it would be rejected now. */
  private async rejectUnlessRepeated(why: Error, idempotent: IdempotentRequest | undefined): Promise<PlacedOrder> {
    const first = idempotent && (await this.keys.answerTo(idempotent));
    if (first === undefined) throw why;
    return { ...first, repeated: true };
  }

  private draft(request: OrderRequest, asked: string | undefined): Draft {
    const { customerId, paymentToken } = request;
    const priced = price(request.lines, (sku) => this.catalogue.find(sku));
    const lines = priced.lines.map(({ sku, quantity }) => ({ sku, quantity }));
    const { totalCents: amountCents, currency } = priced;
    const input = { orderId: uuidV7(), customerId, lines, amountCents, currency, paymentToken };
    const carried = this.sagas.acceptCarried({ sagafault: asked ?? faultOfToken(paymentToken) });
    return { input, priced, carried, webhookUrl: this.webhooks.admit(request.webhookUrl) };
  }

  /** Uses a transaction of its own, because it may wait for another request with the same key. */
  private placeOnce(draft: Draft, idempotent: IdempotentRequest): Promise<string | undefined> {
    return this.dataSource.transaction(async (tx) => {
      if (!(await this.keys.claim(tx, idempotent, draft.input.orderId))) return undefined;
      const [sagaId] = await this.write(tx, [draft]);
      return sagaId;
    });
  }

  private async write(tx: EntityManager, drafts: readonly Draft[]): Promise<string[]> {
    const sagaIds = await Promise.all(
      drafts.map(({ input, carried }) => this.sagas.start(tx, placeOrder, input, { carried })),
    );
    const orders = drafts.map(({ input: { orderId, customerId }, priced, webhookUrl }, index) => ({
      orderId,
      customerId,
      priced,
      webhookUrl,
      sagaId: sagaIds[index] ?? '',
    }));
    await this.orders.add(tx, orders);
    await this.events.publish(tx, orderPlaced, ...drafts.map(toOrderPlaced));
    return sagaIds;
  }
}

function toOrderPlaced({ input: { orderId, customerId }, priced }: Draft): OrderPlaced {
  const { lines, totalCents, currency } = priced;
  return { orderId, customerId, lines: [...lines], totalCents, currency };
}
