import { Injectable } from '@nestjs/common';
import { authorizePayment, capturePayment, type LineAvailability, type OrderLine } from '@palinode/contracts';
import { Problem } from '@palinode/service';
import { v7 as uuidV7 } from 'uuid';
import { Admission } from '../admission/admission';
import { Availability } from '../availability/availability';
import { Catalogue } from '../catalogue/catalogue';
import { price } from '../catalogue/pricing';
import { IdempotencyKeys, type IdempotentRequest } from '../idempotency/idempotency-keys';
import { type OrderDraft, OrderWriter } from './order-writer';
import type { OrderRequest } from './placing-messages';
import { WebhookAdmission } from './webhook-admission';

export interface PlacedOrder {
  readonly orderId: string;
  readonly sagaId: string;
  /** Whether an earlier request with the same key placed it. */
  readonly repeated: boolean;
}

/** Places orders, unless the shop has too many, or too little in stock. */
@Injectable()
export class OrderPlacing {
  constructor(
    private readonly admission: Admission,
    private readonly availability: Availability,
    private readonly catalogue: Catalogue,
    private readonly keys: IdempotencyKeys,
    private readonly webhooks: WebhookAdmission,
    private readonly writer: OrderWriter,
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
    if (idempotent === undefined) return { orderId, sagaId: await this.writer.write(draft), repeated: false };
    const sagaId = await this.writer.writeIf((tx) => this.keys.claim(tx, idempotent, orderId), draft);
    if (sagaId !== undefined) return { orderId, sagaId, repeated: false };
    return this.rejectUnlessRepeated(new Error(`the idempotency key ${idempotent.key} vanished`), idempotent);
  }

  /** A request that was answered before gets the same order again, even if it would be rejected now. */
  private async rejectUnlessRepeated(why: Error, idempotent: IdempotentRequest | undefined): Promise<PlacedOrder> {
    const first = idempotent && (await this.keys.answerTo(idempotent));
    if (first === undefined) throw why;
    return { ...first, repeated: true };
  }

  private draft(request: OrderRequest, asked: string | undefined): OrderDraft {
    const { customerId, paymentToken } = request;
    const priced = price(request.lines, (sku) => this.catalogue.find(sku));
    const lines = priced.lines.map(({ sku, quantity }) => ({ sku, quantity }));
    const { totalCents: amountCents, currency } = priced;
    const input = { orderId: uuidV7(), customerId, lines, amountCents, currency, paymentToken };
    const carried = this.writer.acceptCarried({ sagafault: asked ?? faultOfToken(paymentToken) });
    return { input, priced, carried, webhookUrl: this.webhooks.admit(request.webhookUrl) };
  }
}

/** The response that names each line that is short. The saga could only refuse the order later. */
function outOfStock(lines: readonly OrderLine[], shortages: readonly LineAvailability[]): Problem {
  const errors = shortages.map(({ sku, available }) => ({
    field: `lines[${lines.findIndex((line) => line.sku === sku)}].quantity`,
    problem: `is more than the ${available} in stock`,
  }));
  const skus = shortages.map(({ sku }) => sku).join(', ');
  const detail = `There is not enough of ${skus}. Nothing was ordered; order less of it, or try again later.`;
  return new Problem(409, { code: 'out-of-stock', title: 'Not enough in stock', detail, errors });
}

/** Payment tokens that inject faults into an order, where fault injection is on. Elsewhere they are ordinary tokens. */
const FAULTS: Readonly<Record<string, string>> = {
  tok_lost_reply: `${capturePayment.name}=drop-reply`,
  tok_double_reply: `${capturePayment.name}=duplicate-reply`,
  tok_poison: `${authorizePayment.name}=poison`,
  tok_crash: `${capturePayment.name}=crash`,
};

function faultOfToken(token: string): string | undefined {
  return FAULTS[token];
}
