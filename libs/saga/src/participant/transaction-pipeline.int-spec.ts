import { waitUntil } from '@palinode/testing-support/wait-until';
/* Handlers whose transactions follow each other on one connection: what one leaves behind never reaches the next. */
import type { EntityManager } from 'typeorm';
import type { Command } from '../contract';
import { Gate } from '../../test/gate';
import { aCommand } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { actAlone, behave, EFFECTS, Shop, shopCommands } from '../../test/sample-participant';
import { PipelinedClient } from '../messaging';
import { participantMigrations } from './migrations';
import { prepared } from './prepared';

let servers: RealServers;

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

const LATE = `INSERT INTO effect (command, saga, direction, item) VALUES (gen_random_uuid(), gen_random_uuid(), 'action', 'late')`;

describe.each([
  ['with one statement at a time', {}],
  ['with pipelined statements', { Client: PipelinedClient }],
])('a transaction pipeline %s', (_how, connection) => {
  let shop: ParticipantUnderTest;

  beforeAll(async () => {
    const databaseUrl = await servers.database(participantMigrations);
    shop = await ParticipantUnderTest.start({
      databaseUrl,
      commands: shopCommands,
      controllers: [Shop],
      // Half of them for handlers: one.
      connection: { ...connection, max: 5 },
    });
    await shop.sql(EFFECTS);
    await shop.sql('CREATE TABLE article (id int PRIMARY KEY)');
    await shop.sql('CREATE TABLE line (article int REFERENCES article DEFERRABLE INITIALLY DEFERRED)');
  });

  afterAll(() => shop?.stop());

  const command = (as?: string): Command => aCommand(actAlone, { item: 'lamp', as });

  /** Hands the command over between two others, which must both have their effect. Returns its outcome and its reason. */
  async function between(member: Command): Promise<unknown[]> {
    const [before, after] = [command(), command()];
    const [first, reply, last] = await shop.deliver(before, member, after);
    expect([first?.outcome, last?.outcome]).toEqual(['success', 'success']);
    for (const each of [before, after]) expect(await shop.effectsOf(each)).toEqual(['lamp']);
    return [reply?.outcome, (reply?.data as { detail?: string } | undefined)?.detail];
  }

  it('rolls back only the transaction whose COMMIT PostgreSQL refuses', async () => {
    const order = command(
      behave('orders nothing', (tx) => tx.query('INSERT INTO line VALUES (1)').then(() => undefined)),
    );
    expect(await between(order)).toEqual(['failure', expect.stringContaining('foreign key')]);
    expect(await shop.effectsOf(order)).toEqual([]);
  });

  it('retries a transaction whose COMMIT conflicts with another, after the next one', async () => {
    await shop.sql(`CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF nextval('losses') < 3 THEN RAISE SQLSTATE '40001'; END IF; RETURN NULL; END $$`);
    await shop.sql('CREATE SEQUENCE losses');
    await shop.sql('CREATE TABLE contested (n int)');
    await shop.sql(`CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON contested DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION lose()`);
    const order = command(
      behave('contends', (tx) => tx.query('INSERT INTO contested VALUES (1)').then(() => undefined)),
    );
    expect(await between(order)).toEqual(['success', undefined]);
    expect(await shop.effectsOf(order)).toEqual(['lamp']);
    expect(await shop.sql('SELECT n FROM contested')).toHaveLength(1);
  });

  it.each([
    ['a statement', (tx: EntityManager) => tx.query(LATE)],
    ['a prepared statement', (tx: EntityManager) => prepared(tx, 'late', LATE, [])],
  ])('rejects %s that a handler sends after its transaction has ended, whichever runs by then', async (_what, ask) => {
    const [asked, next] = [new Gate(), new Gate()];
    let late: Promise<unknown> | undefined;
    const lingers = behave('lingers', (tx) => {
      late = next.opened.then(() => ask(tx)).catch((error: unknown) => error);
      void late.then(() => asked.open());
    });
    const follows = behave('follows', async () => {
      next.open();
      await asked.opened;
    });
    const orders = [command(lingers), command(follows)];
    expect((await shop.deliver(...orders)).map(({ outcome }) => outcome)).toEqual(['success', 'success']);
    expect(await late).toMatchObject({ message: expect.stringContaining('released') as string });
    expect(await shop.sql(`SELECT 1 FROM effect WHERE item = 'late'`)).toEqual([]);
  });

  it('commits or rolls back an open savepoint with its transaction', async () => {
    const leave = async (tx: EntityManager): Promise<void> => {
      const left = new Gate();
      const nested = tx.transaction(() => {
        left.open();
        return new Promise<never>(() => undefined);
      });
      await Promise.race([left.opened, nested]);
    };
    const kept = command(behave('leaves a savepoint', leave));
    const thrown = command(
      behave('leaves a savepoint and throws', async (tx) => {
        await leave(tx);
        throw new Error('no more');
      }),
    );
    expect(await between(kept)).toEqual(['success', undefined]);
    expect(await shop.effectsOf(kept)).toEqual(['lamp']);
    expect(await between(thrown)).toEqual(['failure', 'no more']);
    expect(await shop.effectsOf(thrown)).toEqual([]);
    const idle = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
    await waitUntil('no transaction to be left open', async () => (await shop.sql(idle)).length === 0);
  });

  it('runs the queries of a TypeORM subscriber after a commit outside of any transaction', async () => {
    const seen: unknown[] = [];
    const subscriber = {
      afterTransactionCommit: async ({ manager }: { manager: EntityManager }) => {
        seen.push(...(await manager.query('SELECT pg_current_xact_id_if_assigned() AS id')));
      },
    };
    const { subscribers } = shop.source;
    subscribers.push(subscriber);
    try {
      await shop.deliver(command(), command(), command());
    } finally {
      subscribers.splice(subscribers.indexOf(subscriber), 1);
    }
    expect(seen).toEqual([{ id: null }, { id: null }, { id: null }]);
  });
});
