import { join } from 'node:path';
import { accepts, freePort } from '@palinode/test-support/network/ports';
import type { EmbeddedPostgres } from '@palinode/test-support/postgres/embedded-postgres';
import { Child } from '@palinode/test-support/processes/child';
import { waitUntil } from '@palinode/test-support/wait-until';
import { freshDatabases } from '../../bench-database';
import { query } from '../../measure/connected';
import { post } from '../post';
import type { Answer, Way } from '../way';

const ROLES = ['order', 'inventory', 'payment'] as const;
type Role = (typeof ROLES)[number];

const TABLES: Record<Role, string> = {
  order: `CREATE TABLE orders (id uuid PRIMARY KEY, sku text NOT NULL, quantity integer NOT NULL,
                               status text NOT NULL DEFAULT 'PENDING')`,
  inventory: `CREATE TABLE stock (sku text PRIMARY KEY, available bigint NOT NULL, reserved bigint NOT NULL DEFAULT 0);
              CREATE TABLE reservation (order_id uuid PRIMARY KEY, sku text NOT NULL, quantity integer NOT NULL);
              INSERT INTO stock (sku, available) VALUES ('SKU-CUP', 1000000)`,
  payment: 'CREATE TABLE charge (order_id uuid PRIMARY KEY, amount_cents bigint NOT NULL)',
};

/** Order asks inventory, then payment, all within the customer's request. */
export class ChainWay implements Way {
  readonly name = 'synchronous chain';

  private constructor(
    private readonly databases: Record<Role, string>,
    private readonly ports: Record<Role, number>,
    private readonly processes: Map<Role, Child>,
  ) {}

  static async start({ adminUrl }: EmbeddedPostgres): Promise<ChainWay> {
    const databases = await freshDatabases(adminUrl, 'chain', ROLES);
    for (const role of ROLES) await query(databases[role], TABLES[role]);
    const ports = { order: await freePort(), inventory: await freePort(), payment: await freePort() };
    const way = new ChainWay(databases, ports, new Map());
    for (const role of ROLES) await way.launch(role);
    return way;
  }

  order(): Promise<Answer> {
    return post(`${this.url('order')}/orders`, { sku: 'SKU-CUP', quantity: 1, amountCents: 1_250 });
  }

  async slowInventory(ms: number): Promise<void> {
    await post(`${this.url('inventory')}/slow`, { ms });
  }

  async killInventory(): Promise<void> {
    await this.processes.get('inventory')?.kill();
  }

  restartInventory(): Promise<void> {
    return this.launch('inventory');
  }

  async leftBehind(): Promise<string> {
    // What nobody waits for any more still happens.
    const idle = async (): Promise<boolean> => (await post(`${this.url('inventory')}/idle`, {})).status === 200;
    await waitUntil('the inventory to be idle', idle);
    const orders = await query<{ id: string; status: string }>(this.databases.order, 'DELETE FROM orders RETURNING *');
    const reserved = await this.take('inventory', 'reservation');
    const charged = await this.take('payment', 'charge');
    const approved = new Set(orders.filter(({ status }) => status === 'APPROVED').map(({ id }) => id));
    const orphans = reserved.filter((id) => !approved.has(id)).length;
    const unpaid = charged.filter((id) => !approved.has(id)).length;
    const failed = orders.length - approved.size;
    return `${approved.size} approved, ${failed} failed for good, ${orphans} reserved for nobody, ${unpaid} charged for nothing`;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.processes.values()].map((each) => each.kill()));
  }

  private url(role: Role): string {
    return `http://127.0.0.1:${this.ports[role]}`;
  }

  private async take(role: Role, table: string): Promise<string[]> {
    const rows = await query<{ order_id: string }>(this.databases[role], `DELETE FROM ${table} RETURNING order_id`);
    return rows.map(({ order_id }) => order_id);
  }

  private async launch(role: Role): Promise<void> {
    const entry = join(__dirname, 'service.js');
    const others = [this.url('inventory'), this.url('payment')];
    const args = [entry, role, String(this.ports[role]), this.databases[role], ...others];
    this.processes.set(role, await Child.start(process.execPath, args, { name: `chain ${role}`, guarded: true }));
    await waitUntil(`the chain's ${role} service`, () => accepts(this.ports[role]));
  }
}
