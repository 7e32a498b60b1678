import { join } from 'node:path';
import { accepts, freePort } from '@palinode/testing-support/ports';
import type { EmbeddedPostgres } from '@palinode/testing-support/postgres/embedded-postgres';
import { Child } from '@palinode/testing-support/processes/child';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { HttpClient, type Answer } from '../../http-client';
import { freshDatabases, query } from '../../measure/postgres';
import { TABLES } from '../../targets/effects';
import type { Way } from '../way';

const ROLES = ['order', 'stock', 'payment'] as const;
type Role = (typeof ROLES)[number];

const ORDER = { sku: 'sku-1', quantity: 1, amountCents: 1_250 };

/** The order service calls inventory, then payment, within the customer's request. */
export class ChainedCalls implements Way {
  readonly name = 'synchronous chain';
  private readonly client = new HttpClient();
  private readonly processes = new Map<Role, Child>();

  private constructor(
    private readonly databases: Record<Role, string>,
    private readonly ports: Record<Role, number>,
  ) {}

  static async start({ adminUrl }: EmbeddedPostgres): Promise<ChainedCalls> {
    const databases = await freshDatabases(adminUrl, 'chain', ROLES);
    for (const role of ROLES) await query(databases[role], TABLES[role]);
    const ports = { order: await freePort(), stock: await freePort(), payment: await freePort() };
    const way = new ChainedCalls(databases, ports);
    for (const role of ROLES) await way.launch(role);
    return way;
  }

  order(): Promise<Answer> {
    return this.client.ask(this.url('order'), { body: ORDER });
  }

  async slowInventory(ms: number): Promise<void> {
    await this.client.ask(`${this.url('stock')}/slow`, { body: { ms } });
  }

  async killInventory(): Promise<void> {
    await this.processes.get('stock')?.kill();
  }

  restartInventory(): Promise<void> {
    return this.launch('stock');
  }

  async leftBehind(): Promise<string> {
    // Requests that timed out may still take effect.
    const isIdle = async (): Promise<boolean> =>
      (await this.client.ask(`${this.url('stock')}/idle`, { body: {} })).status === 200;
    await waitUntil('the inventory to be idle', isIdle);
    const orders = await this.empty<{ id: string; status: string }>('order', 'orders');
    const reserved = await this.empty<{ order_id: string; released: boolean }>('stock', 'reservation');
    const charged = await this.empty<{ order_id: string }>('payment', 'payment');
    const approved = new Set(orders.filter(({ status }) => status === 'APPROVED').map(({ id }) => id));
    const orphans = reserved.filter((each) => !each.released && !approved.has(each.order_id)).length;
    const unpaid = charged.filter((each) => !approved.has(each.order_id)).length;
    const failed = orders.length - approved.size;
    return `${approved.size} approved, ${failed} failed, ${orphans} reserved without an order, ${unpaid} charged without an order`;
  }

  async stop(): Promise<void> {
    this.client.close();
    await Promise.all([...this.processes.values()].map((each) => each.kill()));
  }

  private url(role: Role): string {
    return `http://127.0.0.1:${this.ports[role]}`;
  }

  private empty<Row>(role: Role, table: string): Promise<Row[]> {
    return query(this.databases[role], `DELETE FROM ${table} RETURNING *`);
  }

  private async launch(role: Role): Promise<void> {
    const others = [this.url('stock'), this.url('payment')];
    const args = [join(__dirname, 'service.js'), role, String(this.ports[role]), this.databases[role], ...others];
    this.processes.set(role, await Child.start(process.execPath, args, { name: `chain ${role}`, guarded: true }));
    await waitUntil(`the chain's ${role} service`, () => accepts(this.ports[role]));
  }
}
