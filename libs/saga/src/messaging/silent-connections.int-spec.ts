import { TcpProxy } from '@palinode/test-support/network/tcp-proxy';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { Pool } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { HandTransport } from '../../test/hand-transport';
import { aCommand } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { RealServers } from '../../test/real-servers';
import { RecordingLog } from '../../test/recording-log';
import { actAlone, actTogether, EFFECTS, Shop, shopCommands } from '../../test/sample-participant';
import { participantMigrations } from '../participant';
import { connectionConfig } from './connection-settings';
import { isDatabaseAway } from './database-away';
import { Outbox } from './outbox';
import { Sweeper } from './relay';

/** So short that an answered query may need a retry on a busy machine. */
const SHORT = { queryTimeoutMs: 400, connectTimeoutMs: 400 };
/** Long enough for any query that is answered. */
const LONG = { queryTimeoutMs: 3_000, connectTimeoutMs: 10_000 };

let servers: RealServers;
let direct: string;
let line: TcpProxy;
let url: string;

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

beforeEach(async () => {
  direct = await servers.database(participantMigrations);
  const through = new URL(direct);
  line = await TcpProxy.to(Number(through.port));
  through.host = line.address;
  url = through.href;
});

afterEach(() => line.cut());

/** From now on open and new connections get neither an answer nor a reset. */
async function silentFor(work: () => Promise<void>): Promise<void> {
  line.hold();
  await work();
  // Silent connections stay silent; new ones are answered.
  await line.restore();
}

describe('connections that go silent without a reset', () => {
  it('closes a silent connection when a reply is overdue, and opens another one', async () => {
    const pool = new Pool({ max: 2, ...connectionConfig(url, SHORT) });
    pool.on('error', () => undefined);
    await waitUntil('it is connected', () => pool.query('SELECT 1'));
    await silentFor(async () => {
      for (let tries = 0; tries < 4; tries += 1) {
        const error: unknown = await pool.query({ text: 'SELECT 1' }).catch((each: unknown) => each);
        expect(isDatabaseAway(error)).toBe(true);
      }
    });
    await waitUntil('it is connected again', () => pool.query('SELECT 1'));
    await pool.end();
  });

  it('keeps a connection that is idle for longer than a query may take', async () => {
    const pool = new Pool({ max: 1, ...connectionConfig(url, { ...SHORT, queryTimeoutMs: 50 }) });
    pool.on('error', () => undefined);
    const pid = async (): Promise<unknown> => (await pool.query('SELECT pg_backend_pid() AS pid')).rows;
    await waitUntil('a connection is kept while idle', async () => {
      const before = await pid();
      const began = performance.now();
      await waitUntil('the connection was idle', () => performance.now() - began > 300);
      expect(await pid()).toEqual(before);
      return true;
    });
    await expect(pool.query('SELECT pg_sleep(10)')).rejects.toThrow('the database gave no answer for 50 ms');
    await pool.end();
  });

  it('rejects a batch of commands on a silent connection, and lets it take effect once when it is redelivered', async () => {
    const connection = connectionConfig(url, LONG);
    const shop = await ParticipantUnderTest.start({
      databaseUrl: url,
      connection,
      commands: shopCommands,
      controllers: [Shop],
    });
    await shop.sql(EFFECTS);
    const commands = [actAlone, actTogether, actAlone].map((command) => aCommand(command, { item: 'lamp' }));
    await silentFor(() => expect(shop.deliver(...commands)).rejects.toThrow());
    await waitUntil('the commands are handled', () => shop.deliver(...commands).then(() => true));
    for (const command of commands) expect(await shop.effectsOf(command)).toHaveLength(1);
    await shop.stop();
  });

  it('logs a background task on a silent connection, and continues it', async () => {
    const pool = new Pool({ max: 2, ...connectionConfig(url, SHORT) });
    pool.on('error', () => undefined);
    const [transport, log] = [new HandTransport(), new RecordingLog()];
    const sweeper = new Sweeper(pool, transport, log, { everyMs: 10 });
    sweeper.start();
    await silentFor(() =>
      waitUntil('the log says so', () => /cannot sweep the outbox/.test(log.lines.join())).then(() => {}),
    );
    const patient = new Pool({ max: 1, connectionString: direct });
    await patient.query(new Outbox().insertion, [uuidV7(), 'topic', 'key', '{}']);
    await patient.query(`UPDATE outbox SET created_at = now() - interval '1 minute'`);
    await patient.end();
    await waitUntil('the row is swept', () => transport.published.length > 0);
    await sweeper.stop();
    await pool.end();
  });
});
