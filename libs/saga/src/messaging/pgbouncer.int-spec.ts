import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { IsInt } from 'class-validator';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { accepts, freePort } from '@palinode/testing-support/ports';
import { Child } from '@palinode/testing-support/processes/child';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { defineEvent } from '../contract';
import { aCommand } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { RecordingLog } from '../../test/recording-log';
import { actAlone, actTogether, behave, EFFECTS, Shop, shopCommands } from '../../test/sample-participant';
import { orchestratorMigrations } from '../orchestrator';
import { Events, once, participantMigrations, type HandlerTimeout } from '../participant';
import { connectionConfig } from './connection-settings';
import { join } from 'node:path';
import { SagaStore } from '../store';

class Noted {
  @IsInt() n!: number;
}
const noted = defineEvent('shop.noted', { payload: Noted, subject: ({ n }: Noted): string => String(n) });

const found = spawnSync('pgbouncer', ['--version']).status === 0;
const missing = found ? undefined : 'pgbouncer is not installed: apt-get install pgbouncer.';

describeWhenAvailable('PgBouncer in transaction mode', missing, () => {
  let servers: RealServers;
  let bouncer: Child;
  let port: number;

  beforeAll(async () => {
    servers = await RealServers.start({ postgres: 'own' });
    port = await freePort();
    const { directory, postgres } = servers;
    const users = join(directory, 'users.txt');
    const configuration = join(directory, 'pgbouncer.ini');
    await writeFile(users, `"postgres" "${postgres.secret}"\n`, { mode: 0o644 });
    await writeFile(
      configuration,
      `[databases]\n* = host=127.0.0.1 port=${postgres.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n` +
        `listen_port = ${port}\nunix_socket_dir =\nauth_type = trust\nauth_file = ${users}\npool_mode = transaction\n` +
        'default_pool_size = 20\n',
    );
    const user = process.getuid?.() === 0 ? ['--user', 'nobody'] : [];
    bouncer = await Child.start('pgbouncer', [...user, configuration], { name: 'pgbouncer', directory });
    await waitUntil('PgBouncer listens', () => accepts(port));
  });

  afterAll(async () => {
    await bouncer?.stop();
    await servers?.stop();
  });

  const through = (url: string): string => Object.assign(new URL(url), { port: String(port) }).href;

  function start(databaseUrl: string, handlerTimeout?: HandlerTimeout): Promise<ParticipantUnderTest> {
    const connection = connectionConfig(databaseUrl, { pooler: 'transaction' });
    return ParticipantUnderTest.start({
      databaseUrl,
      connection,
      commands: shopCommands,
      events: [noted],
      controllers: [Shop],
      ...(handlerTimeout ? { handlerTimeout } : {}),
    });
  }

  it('handles commands once, in transactions of either kind', async () => {
    const shop = await start(through(await servers.database(participantMigrations)));
    await shop.sql(EFFECTS);
    let called = 0;
    const as = behave('calls a third party', (tx) => once(tx, 'only', async () => void (called += 1)));
    const commands = Array.from({ length: 60 }, (_, n) =>
      n % 2 ? aCommand(actAlone, { item: 'lamp', as }) : aCommand(actTogether, { item: 'lamp' }),
    );
    await Promise.all([shop.deliver(...commands), shop.deliver(...commands)]);
    for (const command of commands) expect(await shop.effectsOf(command)).toHaveLength(1);
    expect(called).toBe(30);
    await shop.stop();
  });

  it('cancels a statement of a handler that is too slow, in the session that runs it', async () => {
    const shop = await start(through(await servers.database(participantMigrations)), '1s');
    await shop.sql(EFFECTS);
    const as = behave('sleeps', (tx) => tx.query('SELECT pg_sleep(3600)'));
    const slow = aCommand(actAlone, { item: 'lamp', as });
    const [reply] = await shop.deliver(slow);
    expect(reply).toMatchObject({ outcome: 'failure', data: { reason: 'handler-timeout' } });
    expect(await shop.effectsOf(slow)).toEqual([]);
    const asleep = `SELECT FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(3600)' AND state = 'active'`;
    await waitUntil('no statement sleeps in the database', async () => (await shop.sql(asleep)).length === 0);
    await shop.stop();
  });

  it('leaves the lock of the event relay to the next instance', async () => {
    const url = through(await servers.database(participantMigrations));
    for (const n of [1, 2, 3]) {
      const shop = await start(url);
      await shop.source.transaction((tx) => shop.app.get(Events).publish(tx, noted, { n }));
      await waitUntil('the event is published', () => shop.transport.sent('shop.events').length > 0);
      await shop.stop();
    }
  });

  it('lets the orchestrator connect, and without the setting the connection is refused with the reason', async () => {
    const databaseUrl = through(await servers.database(orchestratorMigrations));
    const store = new SagaStore({ database: databaseUrl, connection: { pooler: 'transaction' } }, new RecordingLog());
    expect((await store.read([])).sagas.size).toBe(0);
    await store.close();
    const wrong = new SagaStore({ database: databaseUrl }, new RecordingLog());
    await expect(wrong.read([])).rejects.toThrow(/unsupported startup parameter/);
    await wrong.close();
  });
});
