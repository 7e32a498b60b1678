import { serviceNames } from '@palinode/test-support/shop/services';
import { Stack, type StackOptions } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { Pool } from 'pg';
import { HttpClient, type Answer } from './http-client';
import { memoryMbOf } from './measure/processes';

export const ORDER = { customerId: 'ada', lines: [{ sku: 'SKU-CUP', quantity: 1 }], paymentToken: 'tok_ok' };

/** The shop of this repository, as `npm start` runs it, with the requests of its customers and operators. */
export class Shop {
  readonly client = new HttpClient();
  private readonly orders: Pool;
  private readonly sagas: Pool;

  static async start(options: StackOptions = {}): Promise<Shop> {
    return new Shop(await Stack.start({ restartServices: false, ...options }));
  }

  private constructor(readonly stack: Stack) {
    this.orders = new Pool({ connectionString: stack.databases.order, max: 2 });
    this.sagas = new Pool({ connectionString: stack.databases.orchestrator, max: 1 });
    // Their server may be killed during the run.
    for (const pool of [this.orders, this.sagas]) pool.on('error', () => undefined);
  }

  get url(): string {
    return this.stack.services.order.url;
  }

  /** Its processes on this machine, by role. */
  get pids(): Record<string, number> {
    const services = serviceNames.map((name) => [name, this.stack.services[name].pid]);
    const pids = [...Object.entries(this.stack.serverPids), ...services];
    return Object.fromEntries(pids.filter(([, pid]) => pid !== undefined)) as Record<string, number>;
  }

  memoryMb(): Record<string, number> {
    return memoryMbOf(this.pids);
  }

  order(headers: Record<string, string> = {}): Promise<Answer> {
    return this.client.ask(`${this.url}/orders`, { headers, body: ORDER });
  }

  /** The id of an order, undefined when the shop did not accept it. */
  async place(): Promise<string | undefined> {
    const { status, body } = await this.order();
    return status === 202 ? (JSON.parse(body) as { orderId: string }).orderId : undefined;
  }

  async statusOf(orderId: string): Promise<string> {
    const { body } = await this.client.ask(`${this.url}/orders/${orderId}`);
    return (JSON.parse(body) as { status: string }).status;
  }

  /** The number of orders that ended between two times of the database's clock. */
  endedBetween(from: Date, to: Date): Promise<number> {
    return numberIn(this.orders, 'SELECT count(*) FROM orders WHERE ended_at >= $1 AND ended_at < $2', [from, to]);
  }

  count(status: 'PENDING' | 'APPROVED' | 'REJECTED'): Promise<number> {
    return numberIn(this.orders, 'SELECT count(*) FROM orders WHERE status = $1', [status]);
  }

  async ended(): Promise<number> {
    return (await this.count('APPROVED')) + (await this.count('REJECTED'));
  }

  /** The number of holds that the orchestrator has placed so far. */
  holds(): Promise<number> {
    return numberIn(this.sagas, 'SELECT count(*) FROM hold');
  }

  /** Arms a fault, as docs/guide/faults.md describes them. */
  async breakOn(rule: object): Promise<void> {
    const { status, body } = await this.client.ask(`${this.stack.adminUrl}/v1/faults`, { body: rule });
    if (status !== 201) throw new Error(`The fault is not armed: ${body}`);
  }

  /** An order that was accepted. */
  async anyOrderId(): Promise<string> {
    const { rows } = await this.orders.query<{ id: string }>('SELECT id FROM orders LIMIT 1');
    if (rows[0] === undefined) throw new Error('No order was accepted yet.');
    return rows[0].id;
  }

  /** Resolves with the seconds until no order is PENDING any more. */
  async drained(): Promise<number> {
    const startedAt = performance.now();
    const isDrained = async (): Promise<boolean> => (await this.count('PENDING')) === 0;
    await waitUntil('every order to end', isDrained, { deadlineMs: 1_200_000, everyMs: 100 });
    return (performance.now() - startedAt) / 1_000;
  }

  /** Resolves when no saga is live any more. */
  async sagasEnded(): Promise<void> {
    const live = `SELECT count(*) FROM saga WHERE status NOT IN ('COMPLETED', 'COMPENSATED')`;
    const haveEnded = async (): Promise<boolean> => (await numberIn(this.sagas, live)) === 0;
    await waitUntil('every saga to end', haveEnded, { deadlineMs: 120_000, everyMs: 100 });
  }

  async stop(): Promise<void> {
    this.client.close();
    await Promise.all([this.orders.end(), this.sagas.end()]);
    await this.stack.stop();
  }
}

async function numberIn(pool: Pool, text: string, values: unknown[] = []): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(text, values);
  return Number(rows[0]?.count);
}
