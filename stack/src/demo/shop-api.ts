/* What the scenarios ask the shop and its orchestrator over HTTP. */

export interface OrderToPlace {
  readonly sku?: string | undefined;
  /** The value of the header X-Saga-Fault. */
  readonly fault?: string | undefined;
}

/** Places an order for one article, and resolves with the id of its saga. */
export async function placeOrder(orderUrl: string, { sku = 'SKU-CUP', fault }: OrderToPlace = {}): Promise<string> {
  const order = { customerId: 'ada', lines: [{ sku, quantity: 1 }], paymentToken: 'tok_ok' };
  const headers: Record<string, string> = fault === undefined ? {} : { 'x-saga-fault': fault };
  return (await post<{ sagaId: string }>(`${orderUrl}/orders`, order, headers)).sagaId;
}

export async function get<Body>(url: string): Promise<Body> {
  return bodyOf<Body>(await fetch(url));
}

export async function post<Body>(url: string, body: object, headers: Record<string, string> = {}): Promise<Body> {
  const all = { 'content-type': 'application/json', 'x-operator': 'demo', ...headers };
  return bodyOf<Body>(await fetch(url, { method: 'POST', headers: all, body: JSON.stringify(body) }));
}

export async function remove(url: string): Promise<void> {
  await bodyOf(await fetch(url, { method: 'DELETE', headers: { 'x-operator': 'demo' } }));
}

async function bodyOf<Body>(response: Response): Promise<Body> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as Body;
}
