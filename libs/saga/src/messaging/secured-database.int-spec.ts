import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { CertificateAuthority, type Certificate } from '@palinode/test-support/tls/certificates';
import { EmbeddedPostgres } from '@palinode/testing-support/postgres/embedded-postgres';
import { postgresOwner } from '@palinode/testing-support/postgres/owner';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { Client, Pool } from 'pg';
import { DataSource } from 'typeorm';
import { aCommand } from '../../test/messages';
import { ParticipantUnderTest } from '../../test/participant-under-test';
import { actAlone, actTogether, EFFECTS, Shop, shopCommands } from '../../test/sample-participant';
import { ConfigurationError } from '../contract';
import { orchestratorMigrations } from '../orchestrator';
import { participantMigrations } from '../participant';
import { SagaStore } from '../store';
import { requestCancel } from './cancel-request';
import { connectionConfig, type ConnectionSettings } from './connection-settings';
import { explainRefusal } from './database-check';
import { PipelinedClient } from './pipelined-client';

/** Services must use TLS, `certified` with its certificate instead of a password; the administrator need not. */
const ACCESS = `
host    all postgres  127.0.0.1/32 scram-sha-256
hostssl all certified 127.0.0.1/32 cert
hostssl all all       127.0.0.1/32 scram-sha-256
`;

describeWhenAvailable('a PostgreSQL that asks for TLS', CertificateAuthority.missing(), () => {
  let directory: string;
  let authority: CertificateAuthority;
  let own: Certificate;
  let postgres: EmbeddedPostgres;
  let ca: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'palinode-secured-database-'));
    await chmod(directory, 0o711);
    authority = await CertificateAuthority.create(directory);
    ca = await authority.ca();
    own = await authority.issue('certified');
    const server = await authority.issue('server');
    const access = join(directory, 'pg_hba.conf');
    writeFileSync(access, ACCESS);
    const owner = postgresOwner();
    for (const file of [server.keyFile, access]) if (owner) chownSync(file, owner.uid, owner.gid);
    postgres = await EmbeddedPostgres.start({
      directory: join(directory, 'postgres'),
      databases: ['shop', 'certified'],
      more: {
        ssl: 'on',
        ssl_cert_file: server.certFile,
        ssl_key_file: server.keyFile,
        ssl_ca_file: authority.caFile,
        hba_file: access,
      },
    });
  });

  afterAll(async () => {
    await postgres?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  /** With these parameters, and without its password if the role has none. */
  function url(role: string, parameters: Readonly<Record<string, string>> = {}): string {
    const address = new URL(postgres.url(role));
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return address.href;
  }

  const verified = (role: string, more = {}): string =>
    url(role, { sslmode: 'verify-full', sslrootcert: authority.caFile, ...more });

  async function isEncrypted(database: string | DataSource, settings?: ConnectionSettings): Promise<unknown> {
    const pool = new Pool(connectionConfig(database, settings));
    try {
      const { rows } = await pool.query<{ ssl: boolean }>('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
      return rows[0]?.ssl;
    } catch (error) {
      return explainRefusal(error);
    } finally {
      await pool.end();
    }
  }

  async function administrate(statement: string): Promise<void> {
    const client = new Client({ connectionString: postgres.adminUrl });
    await client.connect();
    await client.query(statement);
    await client.end();
  }

  it('is connected to by a URL with sslmode=verify-full', async () => {
    expect(await isEncrypted(verified('shop'))).toBe(true);
  });

  it('is connected to with the option ssl', async () => {
    expect(await isEncrypted(url('shop'), { ssl: { ca } })).toBe(true);
  });

  it('is connected to with a client certificate, by URL and by the option ssl', async () => {
    const files = { sslcert: own.certFile, sslkey: own.keyFile };
    expect(await isEncrypted(verified('certified', files))).toBe(true);
    const [cert, key] = [own.certFile, own.keyFile].map((file) => readFileSync(file, 'utf8'));
    const ssl: ConnectionOptions = { ca, cert, key };
    expect(await isEncrypted(url('certified'), { ssl })).toBe(true);
  });

  it('is connected to by the orchestrator with the TLS and the password of a DataSource', async () => {
    const { hostname: host, port, password } = new URL(url('shop'));
    const place = { type: 'postgres', host, port: Number(port), username: 'shop', database: 'shop' } as const;
    const options = { ...place, ssl: { ca }, password: async () => password, migrations: orchestratorMigrations };
    const source = await new DataSource(options).initialize();
    try {
      await source.runMigrations();
      expect(await isEncrypted(source)).toBe(true);
      const store = new SagaStore({ database: source }, console);
      expect(await store.read([])).toMatchObject({ sagas: new Map() });
      await store.close();
    } finally {
      await source.destroy();
    }
  });

  it('cancels a statement over TLS', async () => {
    const client = new PipelinedClient(connectionConfig(verified('shop')));
    await client.connect();
    try {
      const waiting = client.query('SELECT pg_sleep(3600)');
      let settled = false;
      const failed = waiting.then(
        () => undefined,
        (error: unknown) => ((settled = true), error),
      );
      await waitUntil('the statement is cancelled', async () => {
        await requestCancel(client, 1_000);
        return settled;
      });
      expect(await failed).toMatchObject({ code: '57014' });
    } finally {
      await client.end();
    }
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['without TLS', () => isEncrypted(url('shop')), /no encryption.*add sslmode=verify-full/],
    [
      'without the CA',
      () => isEncrypted(url('shop', { sslmode: 'verify-full' })),
      /name the CA that signed its certificate/,
    ],
    [
      'by a name that is not in its certificate',
      () => isEncrypted(url('shop'), { ssl: { ca, host: 'elsewhere.example', servername: 'elsewhere.example' } }),
      /connect by a name in its certificate/,
    ],
  ])('refuses a service %s, and the error has the remedy', async (_, connect, remedy) => {
    await expect(connect()).rejects.toThrow(ConfigurationError);
    await expect(connect()).rejects.toThrow(remedy);
  });

  it('loses no command while the password of the role changes, without a restart', async () => {
    let password = new URL(url('shop')).password;
    const source = await new DataSource({
      type: 'postgres',
      url: verified('shop'),
      migrations: participantMigrations,
    }).initialize();
    await source.runMigrations();
    await source.destroy();
    const databaseUrl = new URL(verified('shop'));
    databaseUrl.password = '';
    const shop = await ParticipantUnderTest.start({
      databaseUrl: databaseUrl.href,
      connection: connectionConfig(databaseUrl.href, { password: () => password }),
      commands: shopCommands,
      controllers: [Shop],
    });
    try {
      await shop.sql(EFFECTS);
      const commands = [aCommand(actAlone, { item: 'lamp' }), aCommand(actTogether, { item: 'cup' })];
      await administrate(`ALTER ROLE shop PASSWORD 'second'`);
      await administrate(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'shop'`);
      // The first failures may be those of the connections that were ended.
      await waitUntil('the new password to be asked for', async () => {
        const error: unknown = await shop.deliver(...commands).then(
          () => undefined,
          (failure: unknown) => failure,
        );
        expect(error).toBeInstanceOf(Error);
        return /password authentication failed/.test((error as Error).message);
      });
      expect(commands.flatMap((command) => shop.repliesTo(command))).toEqual([]);
      password = 'second';
      await shop.deliver(...commands);
      for (const command of commands) {
        expect(shop.repliesTo(command).map(({ outcome }) => outcome)).toEqual(['success']);
        expect(await shop.effectsOf(command)).toHaveLength(1);
      }
    } finally {
      await shop.stop();
    }
  });
});
