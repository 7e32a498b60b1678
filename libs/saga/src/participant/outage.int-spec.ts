import { setImmediate as macrotask } from 'node:timers/promises';
import type { Command } from '../contract';
import { aCommand } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { actAlone, actTogether, EFFECTS, Shop, shopCommands } from '../../test/sample-participant';
import { participantMigrations } from './migrations';

let servers: RealServers;
let shop: ParticipantUnderTest;

beforeAll(async () => {
  servers = await RealServers.start({ postgres: 'own' });
  const databaseUrl = await servers.database(participantMigrations);
  shop = await ParticipantUnderTest.start({ databaseUrl, commands: shopCommands, controllers: [Shop] });
  await shop.sql(EFFECTS);
});

afterAll(async () => {
  await shop?.stop();
  await servers?.stop();
});

/** Ends every connection to the database, this many times. */
function cutConnections(times: number): { done: boolean } {
  const cutter = { done: false };
  const cut = async (): Promise<void> => {
    for (let cuts = 0; cuts < times; cuts += 1) await servers.cutConnections();
  };
  void cut().finally(() => (cutter.done = true));
  return cutter;
}

const someCommands = (): Command[] =>
  Array.from({ length: 60 }, (_, n) => aCommand(n % 2 ? actAlone : actTogether, { item: `lamp ${n}` }));

/** Delivers the commands like a transport: again, until they are processed. Resolves with how often that failed. */
async function deliver(commands: readonly Command[]): Promise<number> {
  for (let failures = 0; ; failures += 1) {
    try {
      await shop.deliver(...commands);
      return failures;
    } catch {
      await macrotask();
    }
  }
}

/** Each command has one answer, and an effect exactly when the answer is success. */
async function expectOnceEach(commands: readonly Command[]): Promise<void> {
  for (const command of commands) {
    const replies = [...new Set(shop.rawRepliesTo(command))];
    expect(replies).toHaveLength(1);
    const success = replies[0]?.includes('"outcome":"success"') ? 1 : 0;
    expect(await shop.effectsOf(command)).toHaveLength(success);
  }
}

describe('a batch of commands', () => {
  it('has each effect exactly once while its connections are cut', async () => {
    const commands = someCommands();
    const cutter = cutConnections(30);
    do {
      await deliver(commands);
      await deliver(someCommands());
    } while (!cutter.done);
    await expectOnceEach(commands);
  });

  it('rejects without answers while the database is down, and succeeds when it is back', async () => {
    const [before, during] = [someCommands(), someCommands()];
    await deliver(before);
    await servers.postgres.kill();
    await expect(shop.deliver(...before, ...during)).rejects.toThrow();
    expect(during.flatMap((command) => shop.repliesTo(command))).toEqual([]);
    await servers.postgres.restart();
    await deliver([...before, ...during]);
    await expectOnceEach([...before, ...during]);
  });

  it('has each effect exactly once when the database dies in the middle of it', async () => {
    const commands = someCommands();
    const delivering = deliver(commands);
    await macrotask();
    await servers.postgres.restart();
    await delivering;
    await expectOnceEach(commands);
  });

  it.each(['25006', '53100', '53300', '57P03'])(
    'fails no command while writes are answered with SQLSTATE %s, and succeeds afterwards',
    async (code) => {
      const commands = someCommands();
      await shop.sql(`CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${code}'; END $$`);
      await shop.sql('CREATE TRIGGER refuse BEFORE INSERT ON effect FOR EACH ROW EXECUTE FUNCTION refuse()');
      await expect(shop.deliver(...commands)).rejects.toThrow('The database is away');
      expect(commands.flatMap((command) => shop.repliesTo(command))).toEqual([]);
      await shop.sql('DROP TRIGGER refuse ON effect');
      await deliver(commands);
      for (const command of commands) expect(await shop.effectsOf(command)).toHaveLength(1);
    },
  );
});
