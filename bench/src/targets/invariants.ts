import { count } from '../measure/postgres';

export interface Databases {
  readonly order: string;
  readonly stock: string;
  readonly payment: string;
  readonly orchestrator?: string | undefined;
}

/** Sagas of the run: others may have been stored before. */
const SAGAS = `SELECT count(*) FROM saga WHERE definition = 'buy' AND status`;
const RESERVED_TWICE = `SELECT (SELECT coalesce(sum(reserved), 0) FROM stock) -
                               (SELECT coalesce(sum(quantity), 0) FROM reservation WHERE NOT released)`;

/** The broken invariants after a run; empty when all hold. */
export async function brokenInvariants(databases: Databases, sagas: number): Promise<string[]> {
  const { order, stock, payment, orchestrator } = databases;
  const approved = await count(order, `SELECT count(*) FROM orders WHERE status = 'APPROVED'`);
  const expected: (readonly [what: string, url: string, sql: string, wanted: number])[] = [
    ['orders', order, 'SELECT count(*) FROM orders', sagas],
    ['orders pending', order, `SELECT count(*) FROM orders WHERE status = 'PENDING'`, 0],
    ['payments authorized', payment, `SELECT count(*) FROM payment WHERE status = 'AUTHORIZED'`, approved],
    ['payments', payment, 'SELECT count(*) FROM payment', sagas],
    ['payments twice', payment, 'SELECT count(*) - count(DISTINCT order_id) FROM payment', 0],
    ['reservations kept', stock, 'SELECT count(*) FROM reservation WHERE NOT released', approved],
    ['units reserved beside reservations', stock, RESERVED_TWICE, 0],
  ];
  if (orchestrator !== undefined)
    expected.push(
      ['sagas completed', orchestrator, `${SAGAS} = 'COMPLETED'`, approved],
      ['sagas compensated', orchestrator, `${SAGAS} = 'COMPENSATED'`, sagas - approved],
      ['outbox rows at rest', orchestrator, 'SELECT count(*) FROM outbox', 0],
    );
  const problems: string[] = [];
  for (const each of expected) problems.push(...(await unlessCounted(...each)));
  return problems;
}

/** A problem when a count differs from the expected one. */
export async function unlessCounted(what: string, url: string, sql: string, wanted: number): Promise<string[]> {
  const found = await count(url, sql);
  return found === wanted ? [] : [`${what}: ${found}, not ${wanted}`];
}
