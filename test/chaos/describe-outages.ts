/* The shop under load while one of its services is down: no order may be rejected because of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrokerKind } from '@palinode/test-support/kafka/broker';
import { Stack } from '@palinode/test-support/shop/stack';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { recordingGateway } from '../../apps/payment/test/gateway-books';
import { query } from '../end-to-end/books';
import { ShopClient } from '../end-to-end/shop-client';
import { Load, soundOrder } from './load';
import { nameOf, suffer, type Outage } from './outages';
import { printLine } from './print-line';
import { verdictOn } from './verdict';

const HOURS = 3_600_000;
/** Twenty orders a second, from customers who retry for longer than the order service is down. */
const LOAD = { customers: 10, thinkMs: 500, order: soundOrder, giveUpAfterMs: 300_000 };

/** Each list is a round: its outages start together. */
export function describeOutages(broker: BrokerKind, rounds: readonly (readonly Outage[])[], seed: number): void {
  let directory: string;
  let stack: Stack;
  let shop: ShopClient;
  const loads: Load[] = [];

  beforeAll(async () => {
    printLine(`outages on the ${broker} broker, seed ${seed}`);
    directory = mkdtempSync(join(tmpdir(), 'palinode-outages-'));
    const environment = { KAFKA_SESSION_TIMEOUT_MS: '6000', ...recordingGateway(directory) };
    stack = await Stack.start({ directory, broker, ports: 'free', quiet: true, restartServices: false, environment });
    shop = ShopClient.of(stack);
  });

  afterAll(async () => {
    await stack?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  /**
   * Resolves when an order shows that it waits for one of these services, if the outage is long enough to be detected.
   */
  async function toldOf(outages: readonly Outage[], load: Load): Promise<void> {
    const away = outages.flatMap(({ service, seconds }) => (service !== 'order' && seconds >= 20 ? service : []));
    if (away.length === 0) return;
    await waitUntil('an order to show what it waits for', async () => {
      const { waitsFor } = await shop.order([...load.orderIds].at(-1) ?? '');
      return away.some((service) => waitsFor?.service === service);
    });
  }

  it.each(rounds.map((outages, n) => ({ name: outages.map(nameOf).join(', '), outages, n })))(
    'rejects no order and drains in less than twice the outage: $name',
    async ({ name, outages, n }) => {
      const load = Load.start(shop, { ...LOAD, seed: seed + 1_000 * n });
      loads.push(load);
      let drainSeconds: number;
      try {
        await waitUntil('the first orders', () => load.accepted.size >= 20);
        await Promise.all([...outages.map((outage) => suffer(stack, outage)), toldOf(outages, load)]);
        drainSeconds = await drained(stack);
      } finally {
        await load.stop();
      }
      const orderIds = new Set(loads.flatMap((each) => [...each.orderIds]));
      const problems = await verdictOn(stack, { doubled: loads.flatMap(({ doubled }) => doubled), orderIds });
      const rejected = await query(stack.databases.order, `SELECT id FROM orders WHERE status <> 'APPROVED'`);
      printLine(
        `${name}: ${load.accepted.size} orders accepted, ${rejected.length} rejected, drained in ${drainSeconds.toFixed(1)} s`,
      );
      expect({ problems, rejected: rejected.length, left: await leftOfHolds(stack) }).toEqual({
        problems: [],
        rejected: 0,
        left: [],
      });
      expect(drainSeconds).toBeLessThan(2 * Math.max(...outages.map(({ seconds }) => seconds)));
    },
    HOURS,
  );
}

/** Resolves with the seconds until no order that was placed before now is PENDING. */
async function drained({ databases }: Stack): Promise<number> {
  const startedAt = performance.now();
  const [now] = await query<{ now: string }>(databases.order, 'SELECT clock_timestamp()::text AS now');
  const pending = `SELECT FROM orders WHERE status = 'PENDING' AND created_at < '${now?.now}' LIMIT 1`;
  await waitUntil('the orders of the outage to end', async () => (await query(databases.order, pending)).length === 0, {
    deadlineMs: 600_000,
    everyMs: 200,
  });
  return (performance.now() - startedAt) / 1_000;
}

/** Active holds, and sagas that wait for one. */
async function leftOfHolds({ databases }: Stack): Promise<unknown[]> {
  const holds = await query(databases.orchestrator, 'SELECT place, reason FROM hold WHERE ended_at IS NULL');
  return [
    ...holds,
    ...(await query(databases.orchestrator, 'SELECT saga_id, command FROM held_step WHERE released_at IS NULL')),
  ];
}
