/* A client of the shop's HTTP API. */
import type { Stack } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/testing-support/wait-until';

export interface OrderRequest {
  readonly customerId: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly paymentToken: string;
}

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface OrderView {
  readonly orderId: string;
  readonly sagaId: string;
  readonly status: string;
  readonly totalCents?: number;
  readonly notice?: string;
  readonly waitsFor?: { readonly service?: string; readonly since: string; readonly message: string };
  readonly rejection?: { readonly reason: string; readonly message: string };
}

export interface RevisionView {
  readonly revisionId: string;
  readonly sagaId: string;
  readonly status: string;
  readonly differenceCents: number | null;
}

export interface SagaView {
  readonly id: string;
  readonly status: string;
  readonly cause?: { readonly kind: string; readonly reason: string };
  readonly steps: readonly { readonly name: string; readonly status: string }[];
  readonly history: readonly {
    readonly seq: number;
    readonly event: { readonly kind: string };
    readonly sent: readonly { readonly command: string; readonly commandId: string; readonly attempt: number }[];
    readonly ignored?: string;
  }[];
}

export interface ProblemView {
  readonly type: string;
  readonly detail: string;
  readonly asked?: { readonly revisionId: string; readonly differenceCents: number } | null;
  readonly errors?: readonly { readonly field: string; readonly problem: string }[];
}

export function anOrder(changes: Partial<OrderRequest> = {}): OrderRequest {
  return { customerId: 'customer-1', lines: [{ sku: 'SKU-CUP', quantity: 2 }], paymentToken: 'tok_ok', ...changes };
}

export class ShopClient {
  static of({ services: { order, inventory, payment, orchestrator } }: Stack): ShopClient {
    return new ShopClient({
      order: order.url,
      inventory: inventory.url,
      payment: payment.url,
      orchestrator: orchestrator.url,
    });
  }

  constructor(
    private readonly urls: {
      readonly order: string;
      readonly inventory: string;
      readonly payment: string;
      readonly orchestrator: string;
    },
  ) {}

  place(order: unknown, headers: Record<string, string> = {}): Promise<Answer<OrderView>> {
    return request(`${this.urls.order}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof order === 'string' ? order : JSON.stringify(order),
    });
  }

  async order(id: string): Promise<OrderView> {
    return (await request<OrderView>(`${this.urls.order}/orders/${id}`)).body;
  }

  async payments(orderId: string): Promise<unknown[]> {
    return (await request<{ items: unknown[] }>(`${this.urls.payment}/payments?orderId=${orderId}`)).body.items;
  }

  /** A customer's request about an order, such as `cancellation`. */
  ask<Body>(orderId: string, what: string, body: object = {}): Promise<Answer<Body>> {
    return request(`${this.urls.order}/orders/${orderId}/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** The requested changes of an order, oldest first. */
  async revisions(orderId: string): Promise<readonly RevisionView[]> {
    return (await request<RevisionView[]>(`${this.urls.order}/orders/${orderId}/revisions`)).body;
  }

  /** The revision, once it waits for the customer's consent to its price. */
  askingRevision(orderId: string, id: string): Promise<RevisionView> {
    return waitUntil(`revision ${id} to wait for consent to its price`, async () => {
      const revision = (await this.revisions(orderId)).find(({ revisionId }) => revisionId === id);
      return revision?.status === 'BEGUN' && revision;
    });
  }

  async saga(id: string): Promise<SagaView> {
    return (await request<SagaView>(`${this.urls.orchestrator}/v1/sagas/${id}`)).body;
  }

  /** The saga, once it has ended. */
  endedSaga(id: string): Promise<SagaView> {
    return waitUntil(`saga ${id} to end`, async () => {
      const saga = await this.saga(id);
      return (saga.status === 'COMPLETED' || saga.status === 'COMPENSATED') && saga;
    });
  }

  async available(sku: string): Promise<{ available: number; reserved: number }> {
    const { body } = await request<{ items: { sku: string; available: number; reserved: number }[] }>(
      `${this.urls.inventory}/stock`,
    );
    const item = body.items.find((each) => each.sku === sku);
    if (item === undefined) throw new Error(`there is no stock of ${sku}`);
    return { available: item.available, reserved: item.reserved };
  }

  /** An operator's action on a saga, regardless of its status. */
  operate(sagaId: string, action: string): Promise<Answer<SagaView>> {
    return request(`${this.urls.orchestrator}/v1/sagas/${sagaId}/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'if-match': '*', 'x-operator': 'ada' },
      body: JSON.stringify({ reason: 'an end-to-end test' }),
    });
  }

  admin<Body>(path: string): Promise<Answer<Body>> {
    return request(`${this.urls.orchestrator}${path}`);
  }
}

async function request<Body>(url: string, init: RequestInit = {}): Promise<Answer<Body>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(35_000), ...init });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}
