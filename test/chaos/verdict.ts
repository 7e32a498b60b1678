/* Checks all promises once every saga has ended. */
import type { SagaState, SagaStatus } from '@palinode/saga/orchestrator';
import { fold, parseSagaEvent, type HistoryEntry } from '@palinode/saga/internal';
import { placeOrderSaga } from '../../apps/orchestrator/src/place-order';
import type { Stack } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { brokenBooks, problemsAtRest, query, type Databases } from '../end-to-end/books';

/** The orders that customers know. */
export interface Customers {
  /** Keys that got two different orders. */
  readonly doubled: readonly string[];
  readonly orderIds: ReadonlySet<string>;
}

const SETTLE_WITHIN_MS = 180_000;
const PARTICIPANTS = ['order', 'payment', 'inventory'] as const;

/** The broken promises; empty when all were kept. Waits until every saga has ended and every table is idle. */
export async function verdictOn(
  stack: Pick<Stack, 'databases' | 'directory'>,
  customers: Customers,
): Promise<string[]> {
  await untilAllHaveEnded(stack);
  // The last rows are deleted, and late duplicates handled, shortly after the sagas have ended.
  return problemsAtRest('everything to be at rest', () => problemsOf(stack, customers), { everyMs: 1_000 });
}

async function untilAllHaveEnded({ databases }: Pick<Stack, 'databases'>): Promise<void> {
  // An order whose start is still in flight has no saga yet.
  const live = async (): Promise<{ id: string; status: string }[]> => [
    ...(await query<{ id: string; status: string }>(
      databases.orchestrator,
      `SELECT id, status, left(state, 400) AS state FROM saga WHERE status NOT IN ('COMPLETED', 'COMPENSATED') LIMIT 3`,
    )),
    ...(await query<{ id: string; status: string }>(
      databases.order,
      `SELECT id, status FROM orders WHERE status NOT IN ('APPROVED', 'REJECTED', 'CANCELLED') LIMIT 3`,
    )),
  ];
  await waitUntil('every order to end', async () => (await live()).length === 0, {
    deadlineMs: SETTLE_WITHIN_MS,
    everyMs: 500,
  }).catch(async (error: Error) => {
    throw new Error(`${error.message} ${JSON.stringify(await live())}`, { cause: error });
  });
}

async function problemsOf(stack: Pick<Stack, 'databases' | 'directory'>, customers: Customers): Promise<string[]> {
  const { databases } = stack;
  return [
    ...customers.doubled.map((key) => `two orders for one key ${key}`),
    ...(await brokenBooks(stack, customers.orderIds)),
    ...(await unknownOrders(databases, customers)),
    ...(await leftovers(databases)),
    ...(await brokenSagas(databases)),
  ];
}

/** Every order is known to a customer: no request was placed twice. */
async function unknownOrders({ order }: Databases, { orderIds }: Customers): Promise<string[]> {
  const orders = await query<{ id: string }>(order, 'SELECT id FROM orders');
  return orders
    .filter(({ id }) => !orderIds.has(id))
    .map(({ id }) => `order ${id} was placed, and no customer knows it`);
}

async function leftovers(databases: Databases): Promise<string[]> {
  const problems: string[] = [];
  const expectNone = async (what: string, url: string, sql: string): Promise<void> => {
    const rows = await query(url, sql);
    if (rows.length > 0) problems.push(`${what}: ${rows.length}, such as ${JSON.stringify(rows[0])}`);
  };
  for (const service of PARTICIPANTS) {
    await expectNone(`outbox rows at rest, ${service}`, databases[service], 'SELECT id FROM outbox');
    await expectNone(`unacknowledged at rest, ${service}`, databases[service], 'SELECT id FROM unacknowledged');
    await expectNone(`events at rest, ${service}`, databases[service], 'SELECT * FROM event_outbox');
    const claimed = `SELECT id FROM inbox WHERE outcome = 'claimed'`;
    await expectNone(`claimed and unanswered, ${service}`, databases[service], claimed);
  }
  // A command whose last attempt failed is dead-lettered too, which the flaky gateway causes.
  const letters = `SELECT reason, detail, topic FROM dead_letter WHERE reason <> 'handler-failed'`;
  await expectNone('dead letters', databases.orchestrator, letters);
  return problems;
}

interface Effect {
  readonly saga_id: string;
  readonly step: string;
  readonly direction: 'action' | 'compensation';
}

const WAYS: Readonly<Record<string, readonly SagaStatus[]>> = {
  RUNNING: ['RUNNING', 'COMPENSATING', 'COMPLETED', 'PAUSED'],
  COMPENSATING: ['COMPENSATING', 'COMPENSATED', 'PAUSED'],
  PAUSED: ['PAUSED', 'RUNNING', 'COMPENSATING', 'COMPLETED', 'COMPENSATED'],
  COMPLETED: ['COMPLETED'],
  COMPENSATED: ['COMPENSATED'],
};
const ACTIONS = ['capture', 'confirmation', 'payment', 'sale', 'stock'];

/** A saga makes only legal transitions, and its effects match its final status. */
async function brokenSagas(databases: Databases): Promise<string[]> {
  const sagas = await query<{ id: string; status: string }>(databases.orchestrator, 'SELECT id, status FROM saga');
  const histories = await historiesIn(databases.orchestrator);
  const effects = await effectsIn(databases);
  return sagas.flatMap(({ id, status }) => [
    ...wrongTransitions(histories.get(id) ?? []).map((transition) => `saga ${id} went ${transition}`),
    ...wrongEffects(status, effects.get(id) ?? []).map((wrong) => `saga ${id} is ${status} with ${wrong}`),
  ]);
}

function wrongTransitions(history: readonly HistoryEntry[]): string[] {
  const states: (SagaState | undefined)[] = history.map((_, index) =>
    fold(placeOrderSaga, history.slice(0, index + 1)),
  );
  const seqs = history.every(({ seq }, index) => seq === index + 1) ? [] : ['over a gap in its history'];
  const transitions = states.flatMap((state, index) => {
    const [from, to] = [states[index - 1]?.status, state?.status];
    return from === undefined || to === undefined || WAYS[from]?.includes(to) ? [] : [`from ${from} to ${to}`];
  });
  return [...seqs, ...transitions];
}

/**
 * COMPLETED: every action once, nothing compensated. COMPENSATED: every action compensated, except the end of the order
 * itself.
 */
function wrongEffects(status: string, effects: readonly Effect[]): string[] {
  const actions = effects
    .filter(({ direction }) => direction === 'action')
    .map(({ step }) => step)
    .toSorted();
  const undone = effects
    .filter(({ direction }) => direction === 'compensation')
    .map(({ step }) => step)
    .toSorted();
  const wanted = status === 'COMPLETED' ? { actions: ACTIONS, undone: [] } : { actions, undone: ['order', ...actions] };
  const found = { actions, undone };
  return JSON.stringify(found) === JSON.stringify({ ...wanted, undone: wanted.undone.toSorted() })
    ? []
    : [`the effects ${JSON.stringify(found)}`];
}

async function effectsIn(databases: Databases): Promise<Map<string, Effect[]>> {
  const all = await Promise.all(
    PARTICIPANTS.map((service) => query<Effect>(databases[service], 'SELECT saga_id, step, direction FROM effects')),
  );
  return grouped(all.flat(), ({ saga_id }) => saga_id);
}

async function historiesIn(url: string): Promise<Map<string, HistoryEntry[]>> {
  const rows = await query<{ saga_id: string; seq: number; at: number; event: string }>(
    url,
    'SELECT saga_id, seq, (extract(epoch FROM at) * 1000)::float8 AS at, event FROM saga_history ORDER BY saga_id, seq',
  );
  const entries = rows.map(({ saga_id, seq, at, event }) => ({
    saga_id,
    seq,
    at,
    event: parseSagaEvent(event),
    sent: [],
  }));
  return grouped(entries, ({ saga_id }) => saga_id);
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
