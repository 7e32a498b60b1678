import { waitUntil } from '@palinode/test-support/wait-until';
import type { EntityManager } from 'typeorm';
import { aCommand } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { actAlone, actTogether, behave, EFFECTS, Shop, shopCommands } from '../../test/sample-participant';
import { connectionConfig } from '../messaging';
import { participantMigrations } from './migrations';

let servers: RealServers;

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

describe.each([
  ['a transaction per command', actAlone],
  ['a transaction per batch', actTogether],
])('a handler with %s that is slower than idle_in_transaction_session_timeout', (_how, contract) => {
  let shop: ParticipantUnderTest;

  beforeEach(async () => {
    const databaseUrl = await servers.database(participantMigrations);
    const connection = connectionConfig(databaseUrl);
    shop = await ParticipantUnderTest.start({ databaseUrl, connection, commands: shopCommands, controllers: [Shop] });
    await shop.sql(EFFECTS);
  });

  afterEach(() => shop?.stop());

  /**
   * Waits, as for a card that takes its time, until PostgreSQL has ended the connection of its transaction. The time-out is
   * set for this transaction alone, since other handlers may be slower than that on a busy machine.
   */
  async function slow(tx: EntityManager): Promise<undefined> {
    await tx.query("SET LOCAL idle_in_transaction_session_timeout = '200ms'");
    const [{ pid }]: [{ pid: number }] = await tx.query('SELECT pg_backend_pid() AS pid');
    const alive = 'SELECT FROM pg_stat_activity WHERE pid = $1';
    await waitUntil('the connection is ended', async () => (await shop.sql(alive, [pid])).length === 0);
  }

  it.each([1, 12])('fails its own command alone, and no other of the batch, when %s are so slow', async (count) => {
    const as = behave('is slow', slow);
    const slowOnes = Array.from({ length: count }, () => aCommand(contract, { item: 'card', as }));
    const others = Array.from({ length: 20 }, (_, n) => aCommand(n % 2 ? actAlone : actTogether, { item: 'lamp' }));
    await shop.flush(...others.slice(0, 10), ...slowOnes, ...others.slice(10));
    for (const command of others) {
      expect(shop.repliesTo(command).map(({ outcome }) => outcome)).toEqual(['success']);
      expect(await shop.effectsOf(command)).toHaveLength(1);
    }
    for (const command of slowOnes) {
      expect(shop.repliesTo(command)).toMatchObject([
        { outcome: 'failure', data: { reason: 'TransactionTimeoutError' } },
      ]);
      expect(await shop.effectsOf(command)).toEqual([]);
    }
  });
});
