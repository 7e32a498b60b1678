/* A running shop that tests bring into trouble, and whose trouble they end as the owner of the broken part would. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startBroker, type Broker } from '@palinode/test-support/kafka/broker';
import { repositoryRoot } from '@palinode/test-support/repository';
import { builtEntry } from '@palinode/test-support/shop/services';
import { freePort } from '@palinode/testing-support/ports';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { ShopOnProxies } from '../chaos/shop-on-proxies';
import { anOrder, ShopClient, type OrderRequest, type OrderView } from '../end-to-end/shop-client';
import { PersonOnCall, type Shown } from './person-on-call';

export type Release = 'usual' | 'with-a-mapper-bug' | 'with-version-2';

const RUN_TYPESCRIPT = join(repositoryRoot, 'libs/test-support/src/processes/run-typescript.js');

/** What `palinode demo incidents` leaves. */
export const PAUSED = { 'pivot-unanswered': 22, operator: 10, 'broken-contract': 8 };
export const DEAD_LETTERS = { 'no-json': 12, 'unknown-type': 9, 'unknown-saga': 9 };

/** `npm run demo` in the project whose stack runs. */
const DEMO = join(repositoryRoot, 'dist/stack/src/demo/main.js');

/** Well above what `palinode status` calls slow, so that no measurement is between. */
const SLOW_COMMIT_MS = 150;

/** Each transaction that advances sagas writes their history once, so each takes as much longer. */
const SLOW_DISK = `
  CREATE FUNCTION slow_disk() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_sleep(${SLOW_COMMIT_MS / 1_000});
      RETURN NULL;
    END
  $$;
  CREATE TRIGGER slow_disk AFTER INSERT ON saga_history FOR EACH STATEMENT EXECUTE FUNCTION slow_disk()`;

/** Few failures are enough for a hold, so that few orders are enough for an incident. */
const ENVIRONMENT = { HOLD_AFTER_FAILURES: '5' };

interface Health {
  readonly status: string;
  readonly database: { readonly commitMs?: number };
}

export class ShopOnCall {
  static async start(): Promise<ShopOnCall> {
    const directory = mkdtempSync(join(tmpdir(), 'palinode-on-call-'));
    const releaseFile = join(directory, 'release');
    writeFileSync(releaseFile, 'usual' satisfies Release);
    const broker = await startBroker('embedded', join(directory, 'broker'), await freePort());
    const shop = await ShopOnProxies.start({
      environment: { ...ENVIRONMENT, NODE_OPTIONS: `--require ${RUN_TYPESCRIPT}`, RELEASE_FILE: releaseFile },
      stack: {
        broker: { brokers: [broker.address] },
        restartServices: false,
        entry: (name) => (name === 'orchestrator' ? join(__dirname, 'orchestrator-release.ts') : builtEntry(name)),
      },
    }).catch(async (error: unknown) => {
      await broker.stop();
      throw error;
    });
    const demo = `node ${DEMO} --directory ${join(shop.directory, '.palinode')}`;
    writeFileSync(join(shop.directory, 'package.json'), JSON.stringify({ scripts: { demo } }));
    return new ShopOnCall(directory, releaseFile, broker, shop);
  }

  readonly client: ShopClient;

  private constructor(
    private readonly directory: string,
    private readonly releaseFile: string,
    readonly broker: Broker,
    private readonly shop: ShopOnProxies,
  ) {
    this.client = ShopClient.of(shop.stack);
  }

  /** The directory of the project, where `palinode` finds the stack. */
  get place(): string {
    return this.shop.directory;
  }

  get services(): ShopOnProxies['stack']['services'] {
    return this.shop.stack.services;
  }

  get postgres(): ShopOnProxies['postgres'] {
    return this.shop.postgres;
  }

  async stop(): Promise<void> {
    await this.shop.stop();
    await this.broker.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Places as many orders at once, all of which must be accepted. */
  orders(count: number, changes: Partial<OrderRequest> = {}): Promise<OrderView[]> {
    return Promise.all(
      Array.from({ length: count }, async () => {
        const { status, body } = await this.client.place(anOrder(changes));
        if (status !== 202) throw new Error(`An order was answered ${status}.`);
        return body;
      }),
    );
  }

  /** Leaves 40 paused sagas, 30 dead letters and a silent participant; takes about 25 seconds. */
  leaveIncidents(): Promise<Shown> {
    return new PersonOnCall(this.place).palinode('demo', 'incidents');
  }

  /** Each order's saga, once it has ended. */
  async statusesOf(orders: readonly OrderView[]): Promise<Set<string>> {
    const sagas = await Promise.all(orders.map(({ sagaId }) => this.client.endedSaga(sagaId)));
    return new Set(sagas.map(({ status }) => status));
  }

  /** Resolves when the orchestrator holds a step of this order's saga. */
  held({ sagaId }: OrderView): Promise<unknown> {
    return waitUntil(`saga ${sagaId} to be held`, async () => {
      return (await this.client.admin<{ held: boolean }>(`/v1/sagas/${sagaId}`)).body.held;
    });
  }

  /** Resolves when these orders' sagas are paused. */
  paused(orders: readonly OrderView[]): Promise<unknown> {
    return waitUntil(`${orders.length} sagas to pause`, async () => {
      const sagas = await Promise.all(orders.map(({ sagaId }) => this.client.saga(sagaId)));
      return sagas.every(({ status }) => status === 'PAUSED');
    });
  }

  /** Stops payment, places orders, and waits until the orchestrator holds a command of the first. */
  async ordersWithoutPayment(count: number): Promise<OrderView[]> {
    await this.services.payment.kill();
    const orders = await this.orders(count);
    await this.held(orders[0]!);
    return orders;
  }

  /** Lets a handler of payment hang, places orders, and waits until the orchestrator holds a command of the first. */
  async ordersWithHangingHandler(count: number): Promise<OrderView[]> {
    const fault = { service: 'payment', command: 'payment.capture', point: 'before-handler', every: true };
    const armed = await fetch(`${this.services.orchestrator.url}/v1/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...fault, effect: { type: 'hang' } }),
    });
    if (armed.status !== 201) throw new Error(`The fault was answered ${armed.status}: ${await armed.text()}`);
    const orders = await this.orders(count);
    await this.held(orders[0]!);
    return orders;
  }

  /** Deploys a definition with a bug in a payload mapper, places orders, and waits until their sagas pause. */
  async ordersWithMapperBug(count: number): Promise<OrderView[]> {
    await this.deploy('with-a-mapper-bug');
    const orders = await this.orders(count);
    await this.paused(orders);
    return orders;
  }

  /** Deploys a version, places orders, deploys the previous version, and waits until the sagas of the orders pause. */
  async ordersOfMissingVersion(count: number): Promise<OrderView[]> {
    await this.deploy('with-version-2');
    await this.services.payment.kill();
    const orders = await this.orders(count);
    await waitUntil('the sagas to begin', async () => {
      const sagas = await Promise.all(orders.map(({ sagaId }) => this.client.admin(`/v1/sagas/${sagaId}`)));
      return sagas.every(({ status }) => status === 200);
    });
    await this.deploy('usual');
    await this.services.payment.restart();
    await this.paused(orders);
    return orders;
  }

  async health(): Promise<Health> {
    return (await this.client.admin<Health>('/v1/health')).body;
  }

  /** Replaces the orchestrator, as a deployment does. */
  async deploy(release: Release): Promise<void> {
    writeFileSync(this.releaseFile, release);
    const { orchestrator } = this.services;
    await orchestrator.endInOrder();
    await orchestrator.restart();
    await orchestrator.ready();
  }

  async killBroker(): Promise<void> {
    const { pid, ended } = this.broker;
    process.kill(pid!, 'SIGKILL');
    await ended;
  }

  /** From now on each commit of the orchestrator takes this many milliseconds at least. */
  async slowDownDisk(): Promise<number> {
    await this.inOrchestratorDatabase(SLOW_DISK);
    return SLOW_COMMIT_MS;
  }

  repairDisk(): Promise<void> {
    return this.inOrchestratorDatabase('DROP FUNCTION slow_disk CASCADE');
  }

  /** Resolves with the median time of the orchestrator's commits once it is as wanted; places orders meanwhile. */
  commitsTake(what: string, wanted: (ms: number) => boolean): Promise<number> {
    return waitUntil(`commits to be ${what}`, async () => {
      const orders = await this.orders(5);
      // One batch after the other: orders that come faster than they are processed delay the other incidents.
      await Promise.all(orders.map(({ sagaId }) => this.client.endedSaga(sagaId)));
      const { commitMs } = (await this.health()).database;
      return commitMs !== undefined && wanted(commitMs) && commitMs;
    });
  }

  private async inOrchestratorDatabase(statements: string): Promise<void> {
    const client = new Client({ connectionString: this.shop.databases.orchestrator });
    await client.connect();
    try {
      await client.query(statements);
    } finally {
      await client.end();
    }
  }
}
