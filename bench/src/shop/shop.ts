import { Agent, request } from 'node:http';
import { Pool } from 'pg';
import type { Stack } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/test-support/wait-until';
import type { Answer } from '../customer/way';

const ORDER = JSON.stringify({
  customerId: 'ada',
  lines: [{ sku: 'SKU-CUP', quantity: 1 }],
  paymentToken: 'tok_ok',
});

export interface Read extends Answer {
  readonly body: string;
}

/** As load balancers do it: the client ends an idle connection before the service does. Without it Node's agent never would. */
const IDLE_MS = 60_000;

/** The shop of a stack as a load sees it: at little cost to the machine that both share. */
export class Shop {
  /** Connections that were opened to it so far. */
  connections = 0;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 512, timeout: IDLE_MS });
  private readonly orders: Pool;
  private readonly sagas: Pool;

  constructor(readonly stack: Stack) {
    this.orders = new Pool({ connectionString: stack.databases.order, max: 2 });
    this.sagas = new Pool({ connectionString: stack.databases.orchestrator, max: 1 });
    // Their server may be killed meanwhile.
    for (const pool of [this.orders, this.sagas]) pool.on('error', () => undefined);
  }

  order(headers: Record<string, string> = {}): Promise<Read> {
    return this.ask('POST', `${this.stack.services.order.url}/orders`, headers, ORDER);
  }

  /** The id of an order, undefined when the shop did not take it. */
  async place(): Promise<string | undefined> {
    const { status, body } = await this.order();
    return status === 202 ? (JSON.parse(body) as { orderId: string }).orderId : undefined;
  }

  async statusOf(orderId: string): Promise<string> {
    const { body } = await this.read(`${this.stack.services.order.url}/orders/${orderId}`);
    return (JSON.parse(body) as { status: string }).status;
  }

  read(url: string): Promise<Read> {
    return this.ask('GET', url);
  }

  /** How many orders ended between two instants of the database's clock. */
  async endedBetween(from: Date, to: Date): Promise<number> {
    const { rows } = await this.orders.query<{ ended: number }>(
      'SELECT count(*)::int AS ended FROM orders WHERE ended_at >= $1 AND ended_at < $2',
      [from, to],
    );
    return rows[0]?.ended ?? 0;
  }

  async count(status: 'PENDING' | 'APPROVED' | 'REJECTED'): Promise<number> {
    const { rows } = await this.orders.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM orders WHERE status = $1',
      [status],
    );
    return rows[0]?.count ?? 0;
  }

  async ended(): Promise<number> {
    return (await this.count('APPROVED')) + (await this.count('REJECTED'));
  }

  /** How many holds the orchestrator has placed so far. */
  async holds(): Promise<number> {
    const { rows } = await this.sagas.query<{ holds: number }>('SELECT count(*)::int AS holds FROM hold');
    return rows[0]?.holds ?? 0;
  }

  /** An order that was taken. */
  async anyOrderId(): Promise<string> {
    const { rows } = await this.orders.query<{ id: string }>('SELECT id FROM orders LIMIT 1');
    if (rows[0] === undefined) throw new Error('No order was taken yet.');
    return rows[0].id;
  }

  /** Resolves with the seconds until no order is PENDING any more. */
  async drained(): Promise<number> {
    const startedAt = performance.now();
    const isDrained = async (): Promise<boolean> => (await this.count('PENDING')) === 0;
    await waitUntil('every order to end', isDrained, { deadlineMs: 1_200_000, everyMs: 100 });
    return (performance.now() - startedAt) / 1_000;
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await Promise.all([this.orders.end(), this.sagas.end()]);
  }

  private ask(method: string, url: string, headers: Record<string, string> = {}, body?: string): Promise<Read> {
    const { agent } = this;
    return new Promise((resolve, reject) => {
      const asked = request(url, {
        method,
        agent,
        timeout: 60_000,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      });
      asked.on('socket', () => (this.connections += asked.reusedSocket ? 0 : 1));
      asked.on('timeout', () => asked.destroy(new Error('no answer within 60 s')));
      asked.on('error', reject);
      asked.on('response', (response) => {
        response.on('error', reject);
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      });
      asked.end(body);
    });
  }
}
