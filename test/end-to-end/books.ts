/*
 * Checks that stock, money and statuses of all services add up once every order has ended. It reads the databases,
 * including `effects`, which has no unique index that would hide a second effect.
 */
import { Client } from 'pg';
import { gatewayBooks, LEDGER_BY_ORDER } from '../../apps/payment/test/gateway-books';
import { OPENING_STOCK } from '../../apps/inventory/src/database/migrations';
import { definitions } from '../../apps/orchestrator/src/definitions';
import { placeOrderSaga } from '../../apps/orchestrator/src/place-order';
import { waitUntil, type WaitOptions } from '@palinode/testing-support/wait-until';
import { fold, parseSagaEvent, parseState, type HistoryEntry } from '@palinode/saga/internal';

export type Databases = Readonly<Record<'orchestrator' | 'order' | 'payment' | 'inventory', string>>;

/**
 * The problems; empty when everything adds up. `accepted` are the ids of the accepted orders. The card gateway has
 * logged its operations in `directory`.
 */
export async function brokenBooks(
  { databases, directory }: { readonly databases: Databases; readonly directory: string },
  accepted: ReadonlySet<string>,
): Promise<string[]> {
  const problems: string[] = [];
  const expectNone = async (what: string, url: string, sql: string): Promise<void> => {
    const rows = await query(url, sql);
    if (rows.length > 0) problems.push(`${what}: ${rows.length}, such as ${JSON.stringify(rows[0])}`);
  };
  const orders = await query<{ id: string; status: string; total: string }>(
    databases.order,
    'SELECT id, status, total_cents AS total FROM orders',
  );
  const kept = new Set(orders.map(({ id }) => id));
  for (const id of accepted) if (!kept.has(id)) problems.push(`order ${id} was accepted and is missing`);
  await expectNone(
    'unfinished orders',
    databases.order,
    `SELECT id, status FROM orders WHERE status NOT IN ('APPROVED', 'REJECTED', 'CANCELLED')`,
  );
  await expectNone(
    'sagas not ended',
    databases.orchestrator,
    `SELECT id, status FROM saga WHERE status NOT IN ('COMPLETED', 'COMPENSATED')`,
  );
  await expectNone('outbox rows at rest, orchestrator', databases.orchestrator, 'SELECT id FROM outbox');
  await expectNone('outbox rows at rest, order', databases.order, 'SELECT id FROM outbox');
  await expectNone('unacknowledged at rest, order', databases.order, 'SELECT id FROM unacknowledged');
  for (const service of ['order', 'payment', 'inventory'] as const) {
    const twice =
      'SELECT saga_id, step, direction, count(*) FROM effects GROUP BY saga_id, step, direction HAVING count(*) > 1';
    await expectNone(`effects twice in ${service}`, databases[service], twice);
  }
  await expectNone('units still reserved', databases.inventory, 'SELECT sku FROM stock WHERE reserved <> 0');
  problems.push(...(await brokenMoney(databases, orders)), ...(await brokenStock(databases, orders)));
  problems.push(...(await brokenSagas(databases, orders)));
  problems.push(...gatewayBooks(directory).differencesTo(await query(databases.payment, LEDGER_BY_ORDER)));
  return problems;
}

/**
 * Long enough for the work after the end of a saga, and short enough for a test to report the problems before jest's
 * time limit.
 */
const SETTLE_WITHIN_MS = 120_000;

/**
 * As {@link brokenBooks}, but waits for the last deletions and effects, which may happen shortly after the sagas have
 * ended.
 */
export function brokenBooksAtRest(...shop: Parameters<typeof brokenBooks>): Promise<string[]> {
  return problemsAtRest('the books to add up', () => brokenBooks(...shop), {
    deadlineMs: SETTLE_WITHIN_MS,
    everyMs: 500,
  });
}

/** The problems that remain until the deadline; empty when all disappear. Throws when every check failed. */
export async function problemsAtRest(
  what: string,
  look: () => Promise<string[]>,
  options: WaitOptions,
): Promise<string[]> {
  let problems: string[] = [];
  const areGone = async (): Promise<boolean> => {
    problems = await look();
    return problems.length === 0;
  };
  await waitUntil(what, areGone, options).catch((error: unknown) => {
    if (problems.length === 0) throw error;
  });
  return problems;
}

type OrderRow = { id: string; status: string; total: string };

async function brokenMoney(databases: Databases, orders: readonly OrderRow[]): Promise<string[]> {
  const approvedCents = orders
    .filter(({ status }) => status === 'APPROVED')
    .reduce((sum, { total }) => sum + Number(total), 0);
  const [ledger] = await query<{ sum: string; revenue: string; held: string }>(
    databases.payment,
    `SELECT coalesce(sum(amount_cents), 0) AS sum,
            coalesce(sum(amount_cents) FILTER (WHERE account = 'revenue'), 0) AS revenue,
            coalesce(sum(amount_cents) FILTER (WHERE account = 'held'), 0) AS held FROM ledger_entry`,
  );
  const { sum, revenue, held } = ledger ?? { sum: '1', revenue: '0', held: '0' };
  return [
    ...(Number(sum) === 0 ? [] : [`the ledger sums to ${sum}`]),
    ...(Math.abs(Number(revenue)) === approvedCents ? [] : [`revenue is ${revenue}, approved orders ${approvedCents}`]),
    ...(Number(held) === 0 ? [] : [`${held} cents are still held`]),
  ];
}

/** Every unit is in stock or with a customer; reservations of rejected orders were released. */
async function brokenStock(databases: Databases, orders: readonly OrderRow[]): Promise<string[]> {
  const reservations = await query<{ order_id: string; status: string }>(
    databases.inventory,
    'SELECT DISTINCT order_id, status FROM reservation',
  );
  const committed = new Set(
    reservations.filter(({ status }) => status === 'COMMITTED').map(({ order_id }) => order_id),
  );
  const gone = orders.filter(({ id, status }) => status === 'REJECTED' && committed.has(id));
  const stock = await query<{ sku: string; available: string }>(
    databases.inventory,
    'SELECT sku, available FROM stock',
  );
  const sold = await query<{ sku: string; units: string }>(
    databases.order,
    `SELECT line ->> 'sku' AS sku, sum((line ->> 'quantity')::int) AS units
     FROM orders, json_array_elements(lines) AS line WHERE status = 'APPROVED' GROUP BY 1`,
  );
  const unitsOf = new Map(sold.map(({ sku, units }) => [sku, Number(units)]));
  const lost = stock
    .filter(({ sku }) => sku in OPENING_STOCK)
    .map(({ sku, available }) => ({ sku, missing: OPENING_STOCK[sku]! - Number(available) - (unitsOf.get(sku) ?? 0) }))
    .filter(({ missing }) => missing !== 0);
  return [
    ...gone.map(({ id }) => `order ${id} is rejected and its stock was not returned`),
    ...lost.map(({ sku, missing }) => `${missing} units of ${sku} are neither in the stock nor with a customer`),
  ];
}

interface SagaRow {
  readonly id: string;
  readonly definition: string;
  readonly version: number;
  readonly subject: string;
  readonly status: string;
  readonly state: string;
}

/** Each order was placed by one saga; the state of every saga is the fold of its history. */
async function brokenSagas(databases: Databases, orders: readonly OrderRow[]): Promise<string[]> {
  const sagas = await query<SagaRow>(
    databases.orchestrator,
    'SELECT id, definition, version, subject, status, state FROM saga',
  );
  const histories = await query<{ saga_id: string; seq: number; at: number; event: string }>(
    databases.orchestrator,
    'SELECT saga_id, seq, (extract(epoch FROM at) * 1000)::float8 AS at, event FROM saga_history ORDER BY saga_id, seq',
  );
  const bySaga = new Map<string, HistoryEntry[]>();
  for (const { saga_id, seq, at, event } of histories) {
    const entry: HistoryEntry = { seq, at, event: parseSagaEvent(event), sent: [] };
    bySaga.set(saga_id, [...(bySaga.get(saga_id) ?? []), entry]);
  }
  const bySubject = new Map<string, SagaRow[]>();
  for (const saga of sagas) bySubject.set(saga.subject, [...(bySubject.get(saga.subject) ?? []), saga]);
  const problems: string[] = [];
  for (const { id, status } of orders) {
    const [saga, ...more] = (bySubject.get(id) ?? []).filter(({ definition }) => definition === placeOrderSaga.name);
    if (more.length > 0) problems.push(`order ${id} has ${more.length + 1} sagas`);
    const wanted = status === 'REJECTED' ? 'COMPENSATED' : 'COMPLETED';
    if (saga?.status !== wanted) problems.push(`order ${id} is ${status}, its saga ${saga?.status ?? 'missing'}`);
  }
  for (const { id, definition: name, version, state } of sagas) {
    const definition = definitions.find((each) => each.name === name && each.version === version);
    if (definition === undefined) problems.push(`saga ${id} has no definition ${name} v${version}`);
    else if (canonical(fold(definition, bySaga.get(id) ?? [])) !== canonical(parseState(state)))
      problems.push(`saga ${id} is not the fold of its history`);
  }
  return problems;
}

/** JSON with sorted keys, so that equal values have equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

export async function query<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}
