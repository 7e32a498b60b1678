import { randomUUID } from 'node:crypto';
import { bodyOf, request } from './request';

export interface OrderRequest {
  readonly customerId: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly paymentToken: string;
}

export interface PlacedOrder {
  readonly orderId: string;
  readonly sagaId: string;
}

/** The shop's service that takes orders. */
export class OrderService {
  constructor(private readonly url: string) {}

  /** `fault` is what the header X-Saga-Fault says. Throws what {@link request} throws. */
  async place(order: OrderRequest, fault: string | undefined): Promise<PlacedOrder> {
    const response = await request('order service', `${this.url}/orders`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        ...(fault === undefined ? {} : { 'x-saga-fault': fault }),
      },
      body: JSON.stringify(order),
    });
    return bodyOf<PlacedOrder>('order service', response);
  }
}
