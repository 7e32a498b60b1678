/*
 * The shop while processes are killed at every point and at random, under load; then every promise is checked in the
 * databases.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrokerKind } from '@palinode/test-support/kafka/broker';
import { Stack } from '@palinode/test-support/shop/stack';
import { recordingGateway } from '../../apps/payment/test/gateway-books';
import { ShopClient } from '../end-to-end/shop-client';
import { crashInEach, type Cell } from './crash-matrix';
import { Load } from './load';
import { killAtRandom } from './random-kills';
import { verdictOn, type Customers } from './verdict';

export interface Extent {
  readonly cells: readonly Cell[];
  readonly kills: number;
  readonly seed: number;
}

const HOURS = 3_600_000;

export function describeChaos(broker: BrokerKind, { cells, kills, seed }: Extent): void {
  let directory: string;
  let stack: Stack;
  let shop: ShopClient;
  const loads: Load[] = [];

  beforeAll(async () => {
    say(`chaos on the ${broker} broker, seed ${seed}`);
    directory = mkdtempSync(join(tmpdir(), 'palinode-chaos-'));
    // The shortest session timeout that works on this machine, so that a group recovers from one crash before the next.
    const environment = { KAFKA_SESSION_TIMEOUT_MS: '2000', ...recordingGateway(directory) };
    stack = await Stack.start({ directory, broker, ports: 'free', quiet: true, environment });
    shop = ShopClient.of(stack);
  });

  afterAll(async () => {
    await stack?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  /**
   * Customers order during the work. Resolves with the number of orders when all have ended and every promise was kept.
   */
  async function underLoad<T>(what: string, n: number, work: () => Promise<T>): Promise<{ result: T; taken: number }> {
    const startedAt = Date.now();
    const load = Load.start(shop, { seed: seed + n, customers: 6, thinkMs: 400 });
    loads.push(load);
    let result: T;
    try {
      result = await work();
    } finally {
      await load.stop();
    }
    await stack.ready();
    expect(await verdictOn(stack, allOf(loads))).toEqual([]);
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    say(`${what}: ${load.accepted.size} orders accepted and ended, ${load.retries} requests repeated, ${seconds} s`);
    return { result, taken: load.accepted.size };
  }

  it(
    `keeps every promise through ${cells.length} crashes at chosen points`,
    async () => {
      const { result, taken } = await underLoad('crash matrix', 0, () => crashInEach(stack, cells));
      expect(result).toHaveLength(cells.length);
      expect(taken).toBeGreaterThan(cells.length);
    },
    HOURS,
  );

  it(
    `keeps every promise through ${kills} random kills`,
    async () => {
      const { result, taken } = await underLoad('random kills', 1_000, () =>
        killAtRandom(stack, { seed, kills, meanMs: 1_500 }),
      );
      say(`killed: ${JSON.stringify(result)}`);
      expect(Object.values(result.byService).reduce((sum, each) => sum + each, 0)).toBe(kills);
      expect(Math.min(...Object.values(result.byService))).toBeGreaterThan(0);
      expect(taken).toBeGreaterThan(kills);
    },
    HOURS,
  );
}

function allOf(loads: readonly Load[]): Customers {
  return {
    doubled: loads.flatMap(({ doubled }) => doubled),
    orderIds: new Set(loads.flatMap(({ orderIds }) => [...orderIds])),
  };
}

/** Bypasses jest, which holds back logs until the end. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
