import { arrive, isTaken, type Arrival } from '../customer/arrivals';
import type { Answer } from '../customer/way';
import { query } from '../measure/connected';
import { quantile } from '../measure/quantile';
import type { Shop } from '../shop/shop';

/** What others notice of a participant that stands still: before, and meanwhile. */
export interface Noticed {
  readonly what: string;
  readonly before: Figures;
  readonly meanwhile: Figures;
}

export interface Figures {
  readonly well: number;
  readonly of: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface StoppedParticipant {
  readonly noticed: readonly Noticed[];
  /** Orders that came meanwhile, and reservations of the other participant in that time. */
  readonly orders: number;
  readonly reserved: number;
  readonly drainSeconds: number;
  readonly rejected: number;
}

/** The payment service stands still (SIGSTOP) while orders come; the others are asked all the while. */
export async function stopPayment(
  shop: Shop,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<StoppedParticipant> {
  const { order, inventory, payment } = shop.stack.services;
  const orderId = await shop.anyOrderId();
  const asked: Readonly<Record<string, () => Promise<Answer>>> = {
    'an order is taken': () => shop.order(),
    'an order is read': () => shop.read(`${order.url}/orders/${orderId}`),
    'inventory is asked what it has': () => shop.read(`${inventory.url}/stock/availability?sku=SKU-CUP&quantity=1`),
  };
  const askAll = async (): Promise<Record<string, Arrival[]>> => {
    const each = Object.entries(asked).map(async ([what, ask]) => [what, await arrive(ask, { perSecond, seconds })]);
    return Object.fromEntries(await Promise.all(each)) as Record<string, Arrival[]>;
  };
  const before = await askAll();
  await shop.drained();
  const rejectedBefore = await shop.count('REJECTED');
  const reservedBefore = await reservations(shop);
  process.kill(payment.pid as number, 'SIGSTOP');
  let meanwhile: Record<string, Arrival[]>;
  let reserved: number;
  try {
    meanwhile = await askAll();
    reserved = (await reservations(shop)) - reservedBefore;
  } finally {
    process.kill(payment.pid as number, 'SIGCONT');
  }
  const drainSeconds = await shop.drained();
  const rejected = (await shop.count('REJECTED')) - rejectedBefore;
  const noticed = Object.keys(asked).map((what) => ({
    what,
    before: figuresOf(before[what] ?? []),
    meanwhile: figuresOf(meanwhile[what] ?? []),
  }));
  return { noticed, orders: Math.round(perSecond * seconds), reserved, drainSeconds, rejected };
}

function figuresOf(arrivals: readonly Arrival[]): Figures {
  const latencies = arrivals.map(({ latencyMs }) => latencyMs);
  const well = arrivals.filter(isTaken).length;
  return { well, of: arrivals.length, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) };
}

async function reservations({ stack }: Shop): Promise<number> {
  const [row] = await query<{ count: number }>(
    stack.databases.inventory,
    `SELECT count(*)::int AS count FROM effects WHERE step = 'stock' AND direction = 'action'`,
  );
  return row?.count ?? 0;
}
