import { Stack } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/test-support/wait-until';
import { query } from '../measure/connected';
import { post } from './post';
import type { Answer, Way } from './way';

const ORDER = { customerId: 'ada', lines: [{ sku: 'SKU-CUP', quantity: 1 }], paymentToken: 'tok_ok' };

/** The shop of this repository, as `npm start` runs it. */
export class SagaWay implements Way {
  private constructor(
    readonly name: string,
    private readonly stack: Stack,
    private readonly headers: Record<string, string>,
  ) {}

  /** Two ways to be its customer: the answer that the order is taken, and the answer that it has ended. */
  static async start(): Promise<[SagaWay, SagaWay]> {
    const stack = await Stack.start({ restartServices: false });
    return [
      new SagaWay('saga, 202 at once', stack, {}),
      new SagaWay('saga, Prefer: wait=10', stack, { prefer: 'wait=10' }),
    ];
  }

  order(): Promise<Answer> {
    return post(`${this.stack.services.order.url}/orders`, ORDER, { headers: this.headers });
  }

  async slowInventory(ms: number): Promise<void> {
    await this.arm(ms);
  }

  async killInventory(): Promise<void> {
    await this.stack.services.inventory.kill();
  }

  async restartInventory(): Promise<void> {
    await this.stack.services.inventory.restart();
    await this.stack.ready();
  }

  async leftBehind(): Promise<string> {
    const { order, inventory } = this.stack.databases;
    await waitUntil(
      'every order to end',
      async () => (await query(order, `SELECT FROM orders WHERE status = 'PENDING'`)).length === 0,
      { deadlineMs: 120_000, everyMs: 250 },
    );
    await waitUntil(
      'every saga to end',
      async () => {
        const live = `SELECT FROM saga WHERE status NOT IN ('COMPLETED', 'COMPENSATED')`;
        return (await query(this.stack.databases.orchestrator, live)).length === 0;
      },
      { deadlineMs: 120_000, everyMs: 250 },
    );
    const ended = await query<{ status: string }>(order, 'SELECT status FROM orders');
    const approved = ended.filter(({ status }) => status === 'APPROVED').length;
    const [stock] = await query<{ reserved: string }>(inventory, 'SELECT sum(reserved) AS reserved FROM stock');
    await query(order, 'TRUNCATE orders, order_event CASCADE');
    return `${approved} approved, ${ended.length - approved} rejected, ${stock?.reserved ?? '?'} reserved for nobody`;
  }

  stop(): Promise<void> {
    return this.stack.stop();
  }

  /** Every reservation takes so much longer. */
  private async arm(ms: number): Promise<void> {
    await post(`${this.stack.adminUrl}/v1/faults/reset`, {});
    if (ms === 0) return;
    const { status } = await post(`${this.stack.adminUrl}/v1/faults`, {
      service: 'inventory',
      command: 'inventory.reserve-stock',
      point: 'before-handler',
      effect: { type: 'delay', ms },
      every: true,
      ttl: '1h',
    });
    if (status >= 300) throw new Error(`The inventory could not be slowed: ${status}.`);
  }
}
