/*
 * The shop under load while the environment of its services is disturbed; after each disturbance every promise is
 * checked.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceNames } from '@palinode/test-support/shop/services';
import { suspendBeyondSessionTimeout, churnGroup } from './absent-members';
import { addPartitions } from './added-partitions';
import { CommitCuts } from './commit-cuts';
import { seededRandom } from './seeded-random';
import { extentOf } from './extent';
import { replay } from './replays';
import { printLine } from './print-line';
import { ShopOnProxies } from './shop-on-proxies';
import { ShopUnderLoad } from './shop-under-load';
import { kindNames } from './transaction-kinds';
import { killPostgres, terminateConnections, withoutPostgres } from './postgres-outages';
import { loseAnswers } from './unknown-commits';
import { setClocksWrong, settableClocks } from './wrong-clocks';

const HOURS = 3_600_000;

describe('the shop in a disturbed environment', () => {
  const { seed, commits, times } = extentOf('embedded');
  const cuts = new CommitCuts(seededRandom(seed));
  let context: ShopOnProxies | undefined;
  let shop: ShopUnderLoad;
  let clocks: string;

  beforeAll(async () => {
    printLine(`disturbances, seed ${seed}`);
    clocks = mkdtempSync(join(tmpdir(), 'palinode-clocks-'));
    context = await ShopOnProxies.start({
      tapOf: (service) => cuts.tapOf(service),
      environment: settableClocks(clocks),
    });
    shop = new ShopUnderLoad(context, seed);
  });

  afterAll(async () => {
    await context?.stop();
    rmSync(clocks, { recursive: true, force: true });
  });

  it(
    `keeps every promise when ${commits} commits of every kind lose their answer`,
    async () => {
      await loseAnswers(shop, cuts, commits);
      // PostgreSQL answered the forwarded commits, mostly with a commit that the service never learned of.
      const left = kindNames.filter((kind) => cuts.byKind[kind].after.unknown > 0);
      const suspended = kindNames.filter(
        (kind) => cuts.byKind[kind].after.committed <= cuts.byKind[kind].after['rolled-back'],
      );
      expect({ left, lame: suspended }).toEqual({ left: [], lame: [] });
      expect(cuts.total).toBeGreaterThanOrEqual(commits);
    },
    HOURS,
  );

  it(
    `keeps every promise when PostgreSQL terminates all connections ${5 * times} times`,
    async () => {
      const ended = await terminateConnections(shop, 5 * times);
      expect(Math.min(...Object.values(ended))).toBeGreaterThanOrEqual(5 * times);
    },
    HOURS,
  );

  it(
    `keeps every promise when PostgreSQL is killed ${2 * times} times`,
    async () => expect(await killPostgres(shop, 2 * times)).toBe(2 * times),
    HOURS,
  );

  it(
    'is not ready and answers 503 while PostgreSQL is down, retries with backoff and recovers by itself',
    async () => {
      const { readiness, answers, attempts, lines } = await withoutPostgres(shop, 3_000 * times);
      printLine(`  attempts a second: ${JSON.stringify(attempts)}, lines logged: ${JSON.stringify(lines)}`);
      expect({ readiness: new Set(Object.values(readiness)), answers }).toEqual({
        readiness: new Set([503]),
        answers: [503],
      });
      const { order: _, ...others } = attempts;
      // A hot loop would make thousands.
      expect(Math.max(...Object.values(others))).toBeLessThan(40);
    },
    HOURS,
  );

  it(
    'keeps every promise when a participant is suspended for longer than its session timeout',
    async () => expect(await suspendBeyondSessionTimeout(shop, ['payment', 'inventory', 'orchestrator'])).toBe(3),
    HOURS,
  );

  it(
    `keeps every promise when a second instance joins and leaves ${2 * times} times`,
    async () => expect(await churnGroup(shop, 'payment', 2 * times)).toBe(2 * times),
    HOURS,
  );

  it(
    `keeps every promise when the last ${1_000 * times} messages are delivered again in reverse order`,
    async () => expect(await replay(shop, 1_000 * times)).toBeGreaterThan(300),
    HOURS,
  );

  it(
    'keeps every promise when clocks are an hour ahead or behind, and jump',
    async () => expect(await setClocksWrong(shop, clocks, 2 * times)).toBe((2 * times + 1) * serviceNames.length),
    HOURS,
  );

  it(
    'keeps every promise, and rejects no order because of a missing answer, when partitions are added to every topic',
    async () => expect(await addPartitions(shop)).toEqual({ topics: 7, unansweredOrders: 0 }),
    HOURS,
  );
});
