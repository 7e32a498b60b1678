/* The node-postgres client of a handler's transaction. */
import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import type { Reply } from '../contract';
import { aCommand } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { Act, actAlone, Acted, actTogether } from '../../test/sample-participant';
import { CommandContext } from './command-context';
import { HandleCommand } from './handle-command';
import { participantMigrations } from './migrations';

type Work = (context: CommandContext) => Promise<unknown>;
let work: Work;
let runs: number;

async function act({ item }: Act, context: CommandContext): Promise<Acted> {
  runs += 1;
  await context.client.query('INSERT INTO written VALUES ($1)', [item]);
  await work(context);
  return { effect: 1 };
}

@Controller()
class Shop {
  @HandleCommand(actAlone)
  actAlone(command: Act, @Ctx() context: CommandContext): Promise<Acted> {
    return act(command, context);
  }

  @HandleCommand(actTogether, { transaction: 'per-batch' })
  actTogether(command: Act, @Ctx() context: CommandContext): Promise<Acted> {
    return act(command, context);
  }
}

let servers: RealServers;
let shop: ParticipantUnderTest;

beforeAll(async () => {
  servers = await RealServers.start();
  const databaseUrl = await servers.database(participantMigrations);
  await servers.pool(databaseUrl).query('CREATE TABLE written (item text)');
  shop = await ParticipantUnderTest.start({ databaseUrl, commands: [actAlone, actTogether], controllers: [Shop] });
});
afterEach(() => shop.sql('TRUNCATE written'));
afterAll(async () => {
  await shop?.stop();
  await servers?.stop();
});

async function handle(contract: typeof actAlone, what: Work): Promise<Reply | undefined> {
  work = what;
  runs = 0;
  const command = aCommand(contract, { item: 'lamp' });
  const [reply] = await shop.deliver(command);
  return reply;
}

const written = async (): Promise<number> => (await shop.sql('SELECT FROM written')).length;

describe.each([
  ['a transaction of its own', actAlone],
  ['the transaction of its batch', actTogether],
])('the client of a handler with %s', (_which, contract) => {
  it('writes in the transaction that stores the reply', async () => {
    const xid = 'SELECT pg_current_xact_id()::text AS xid';
    const reply = await handle(contract, async ({ client, transaction }) => {
      expect((await client.query(xid)).rows).toEqual(await transaction.query(xid));
    });
    expect(reply).toMatchObject({ outcome: 'success' });
    expect(await written()).toBe(1);
  });

  it('writes nothing when the handler throws', async () => {
    expect(await handle(contract, () => Promise.reject(new Error('no')))).toMatchObject({ outcome: 'failure' });
    expect(await written()).toBe(0);
  });

  it.each(['BEGIN', 'start transaction', ' COMMIT', 'end', 'ROLLBACK', 'abort', `PREPARE TRANSACTION 'x'`])(
    'does not run %s, which would end the transaction without the reply',
    async (text) => {
      const reply = await handle(contract, ({ client }) => client.query(text));
      expect(reply).toMatchObject({ outcome: 'failure', data: { reason: 'ConfigurationError' } });
      expect(await written()).toBe(0);
    },
  );

  it('refuses it by the callback as well, and does not give the connection back', async () => {
    const reply = await handle(contract, async ({ client }) => {
      client.release();
      const refused = new Promise<Error>((resolve) => client.query('COMMIT', (error: Error) => resolve(error)));
      expect((await refused).message).toMatch(/begun and ended by the library/);
      const { rows } = await client.query<{ n: number }>({ text: 'SELECT 1 AS n' });
      expect(rows).toEqual([{ n: 1 }]);
    });
    expect(reply).toMatchObject({ outcome: 'success' });
  });

  it('has savepoints; a handler that sets one in the transaction of its batch runs again in its own', async () => {
    const reply = await handle(contract, async ({ client }) => {
      await client.query('SAVEPOINT before');
      await client.query(`INSERT INTO written VALUES ('cup')`);
      await client.query('ROLLBACK TO SAVEPOINT before');
    });
    expect(reply).toMatchObject({ outcome: 'success' });
    expect(await written()).toBe(1);
    expect(runs).toBe(contract === actAlone ? 1 : 2);
  });
});
