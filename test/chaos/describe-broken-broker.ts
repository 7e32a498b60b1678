/*
 * The shop on a broker that is killed and loses its log, under load; after each part every promise is checked in the
 * databases.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrokerKind } from '@palinode/test-support/kafka/broker';
import { Stack } from '@palinode/test-support/shop/stack';
import { recordingGateway } from '../../apps/payment/test/gateway-books';
import { killBroker, loseLog, lossesNoticed, type Shop } from './broken-broker';
import { printLine } from './print-line';
import { ShopUnderLoad } from './shop-under-load';

export interface BrokenBroker {
  readonly kills: number;
  readonly losses: number;
  readonly seed: number;
}

const HOURS = 3_600_000;

export function describeBrokenBroker(broker: BrokerKind, { kills, losses, seed }: BrokenBroker): void {
  let directory: string;
  let stack: Stack;
  let shop: ShopUnderLoad<Shop>;

  beforeAll(async () => {
    printLine(`a broken ${broker} broker, seed ${seed}`);
    directory = mkdtempSync(join(tmpdir(), 'palinode-broker-'));
    const environment = { KAFKA_SESSION_TIMEOUT_MS: '2000', START_RESEND_MS: '2000', ...recordingGateway(directory) };
    stack = await Stack.start({ directory, broker, ports: 'free', quiet: true, environment });
    shop = new ShopUnderLoad({ stack, databases: stack.databases }, seed);
  });

  afterAll(async () => {
    await stack?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it(
    `keeps every promise when the broker is killed ${kills} times`,
    async () => {
      await shop.during(`kills of the ${broker} broker (${kills})`, (load) => killBroker(shop, load, kills));
      expect(lossesNoticed(stack)).toBe(0);
    },
    HOURS,
  );

  it(
    `keeps every promise when the broker loses its log ${losses} times`,
    async () => {
      const what = `the ${broker} broker loses its log (${losses})`;
      const lost = await shop.during(what, (load) => loseLog(shop, load, losses));
      printLine(`lost and resent starts: ${lost}; losses detected: ${lossesNoticed(stack)}`);
      expect(lost).toBeGreaterThan(0);
      expect(lossesNoticed(stack)).toBeGreaterThan(0);
    },
    HOURS,
  );
}
