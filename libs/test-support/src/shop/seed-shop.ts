/* A shop in which things have happened: orders that ended well and badly, and some that stand. */
import type { Stack } from './stack';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { StrayMessages } from './stray-messages';

export interface Seeded {
  /** An order that was approved, and its saga. */
  readonly orderId: string;
  readonly sagaId: string;
  /** The saga of an order whose card was declined. */
  readonly compensatedSagaId: string;
  /** A saga that an operator has paused. */
  readonly pausedSagaId: string;
  /** The saga of a change that waits for the customer's consent to its price. */
  readonly waitingSagaId: string;
  /** The dead letter of a command whose type nobody knows. */
  readonly letterId: string;
  readonly bulkActionId: string;
}

interface Placed {
  readonly orderId: string;
  readonly sagaId: string;
}

const customers = ['ada', 'grace', 'edsger', 'barbara', 'donald', 'radia'];
const articles = ['SKU-CUP', 'SKU-BEANS-1KG', 'SKU-KETTLE', 'SKU-FILTER-100', 'SKU-SCALE', 'SKU-GRINDER'];

/** Lets orders run to their ends, then pauses some, arms a fault, holds a service and leaves dead letters. */
export async function seedShop({ brokers, services: { order, orchestrator } }: Stack): Promise<Seeded> {
  const post = <Body>(url: string, body: object, headers: Record<string, string> = {}): Promise<Body> =>
    postJson<Body>(url, body, { 'x-operator': 'grace', ...headers });
  const place = (n: number, paymentToken = 'tok_ok', fault?: string): Promise<Placed> =>
    post(
      `${order.url}/orders`,
      {
        customerId: customers[n % customers.length],
        lines: [{ sku: articles[n % articles.length], quantity: 1 + (n % 3) }],
        paymentToken,
      },
      fault === undefined ? {} : { 'x-saga-fault': fault },
    );
  const admin = `${orchestrator.url}/v1`;
  const isOver = async ({ sagaId }: Placed): Promise<boolean> => {
    const response = await fetch(`${admin}/sagas/${sagaId}`);
    return response.ok && ['COMPLETED', 'COMPENSATED'].includes(((await response.json()) as { status: string }).status);
  };

  const well = await Promise.all(Array.from({ length: 24 }, (_, n) => place(n)));
  const bad = await Promise.all([
    place(1, 'tok_declined'),
    place(2, 'tok_insufficient_funds'),
    place(3, 'tok_expiring'),
    place(4, 'tok_poison'),
    place(5, 'tok_flaky_2'),
    place(6, 'tok_ok', 'payment.capture=drop-reply'),
    place(7, 'tok_ok', 'inventory.reserve-stock=fail;count=2'),
    place(8, 'tok_ok', 'payment.authorize=poison'),
  ]);
  await waitUntil('the orders to end', async () => (await Promise.all([...well, ...bad].map(isOver))).every(Boolean));

  const dearer = { lines: [{ sku: 'SKU-CUP', quantity: 4 }], paymentToken: 'tok_ok' };
  await post(`${order.url}/orders/${well[0]?.orderId}/revisions`, dearer);
  const waiting = await waitUntil('the change to wait for a consent', () => firstOf(`${admin}/sagas?step=consent`));

  await post(`${admin}/faults`, {
    service: 'payment',
    command: 'payment.capture',
    point: 'before-handler',
    effect: { type: 'hang' },
    ttl: '1h',
  });
  const standing = await Promise.all(Array.from({ length: 3 }, (_, n) => place(n + 10)));
  const wait = async ({ sagaId }: Placed): Promise<boolean> => (await fetch(`${admin}/sagas/${sagaId}`)).ok;
  await waitUntil('the last sagas to begin', async () => (await Promise.all(standing.map(wait))).every(Boolean));
  await post(`${admin}/sagas/${standing[0]?.sagaId}/pause`, { reason: 'the customer calls back' }, { 'if-match': '*' });
  const ids = standing.slice(1).map(({ sagaId }) => sagaId);
  const why = 'the bank looks into these cards';
  const bulkAction = await post<Listed>(`${admin}/bulk-actions`, { action: 'pause', ids, reason: why });
  await waitUntil('the bulk action to end', async () => {
    const response = await fetch(`${admin}/bulk-actions/${bulkAction.id}`);
    return ((await response.json()) as { status: string }).status === 'completed';
  });
  await leaveDeadLetters(brokers);
  const [letter] = await Promise.all(
    ['unknown-type', 'no-json'].map((reason) =>
      waitUntil(`the dead letter for ${reason}`, () => firstOf(`${admin}/dead-letters?status=open&reason=${reason}`)),
    ),
  );
  await post(`${admin}/holds`, { where: { service: 'inventory' }, reason: 'stocktaking until noon' });
  return {
    orderId: well[0]?.orderId ?? '',
    sagaId: well[0]?.sagaId ?? '',
    compensatedSagaId: bad[0]?.sagaId ?? '',
    pausedSagaId: standing[0]?.sagaId ?? '',
    waitingSagaId: waiting.id,
    letterId: letter?.id ?? '',
    bulkActionId: bulkAction.id,
  };
}

/** Two reasons, as another program would cause them. */
async function leaveDeadLetters(brokers: readonly string[]): Promise<void> {
  const strays = await StrayMessages.to(brokers);
  try {
    await strays.text('inventory.commands', 'order 7;SKU-CUP;1');
    await strays.command('payment', 'payment.pre-authorize');
  } finally {
    await strays.close();
  }
}

interface Listed {
  readonly id: string;
}

async function firstOf(url: string): Promise<Listed | undefined> {
  const { items } = (await (await fetch(url)).json()) as { readonly items: readonly Listed[] };
  return items[0];
}

async function postJson<Body>(url: string, body: object, headers: Record<string, string>): Promise<Body> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
}
