import { query } from './measure/connected';

export interface Databases {
  readonly order: string;
  readonly stock: string;
  readonly payment: string;
  readonly orchestrator?: string | undefined;
}

/** Of the run: others may have been stored before it. */
const SAGAS = `SELECT count(*) FROM saga WHERE definition = 'buy' AND status`;

/** What does not add up after a run; nothing when all does. */
export async function brokenInvariants(databases: Databases, sagas: number): Promise<string[]> {
  const problems: string[] = [];
  const expect = async (...expected: Parameters<typeof unlessCounted>): Promise<void> => {
    problems.push(...(await unlessCounted(...expected)));
  };
  const { order, stock, payment, orchestrator } = databases;
  const approved = await count(order, `SELECT count(*) FROM orders WHERE status = 'APPROVED'`);
  await expect('orders', order, 'SELECT count(*) FROM orders', sagas);
  await expect('orders pending', order, `SELECT count(*) FROM orders WHERE status = 'PENDING'`, 0);
  await expect('payments authorized', payment, `SELECT count(*) FROM payment WHERE status = 'AUTHORIZED'`, approved);
  await expect('payments', payment, 'SELECT count(*) FROM payment', sagas);
  await expect('payments twice', payment, 'SELECT count(*) - count(DISTINCT order_id) FROM payment', 0);
  await expect('reservations kept', stock, 'SELECT count(*) FROM reservation WHERE NOT released', approved);
  await expect(
    'units reserved beside reservations',
    stock,
    'SELECT (SELECT coalesce(sum(reserved), 0) FROM stock) - (SELECT coalesce(sum(quantity), 0) FROM reservation WHERE NOT released)',
    0,
  );
  if (orchestrator) {
    await expect('sagas completed', orchestrator, `${SAGAS} = 'COMPLETED'`, approved);
    await expect('sagas compensated', orchestrator, `${SAGAS} = 'COMPENSATED'`, sagas - approved);
    await expect('outbox rows at rest', orchestrator, 'SELECT count(*) FROM outbox', 0);
  }
  return problems;
}

/** A problem when a count is not the one wanted, nothing otherwise. */
export async function unlessCounted(what: string, url: string, sql: string, wanted: number): Promise<string[]> {
  const found = await count(url, sql);
  return found === wanted ? [] : [`${what}: ${found}, not ${wanted}`];
}

async function count(url: string, sql: string): Promise<number> {
  const [row] = await query<Record<string, unknown>>(url, sql);
  return Number(Object.values(row ?? {})[0]);
}
