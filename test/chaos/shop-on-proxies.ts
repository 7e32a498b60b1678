/* A shop whose services reach their databases through TCP proxies, one per service, which tests can disturb. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eachService, serviceNames, type ServiceName } from '@palinode/test-support/shop/services';
import { Stack, type StackOptions } from '@palinode/test-support/shop/stack';
import { EmbeddedPostgres } from '@palinode/testing-support/postgres/embedded-postgres';
import { databaseNames } from '@palinode/test-support/shop/databases';
import { TcpProxy, type ConnectionTap } from '@palinode/test-support/network/tcp-proxy';
import { recordingGateway } from '../../apps/payment/test/gateway-books';

export interface ShopOnProxiesOptions {
  readonly tapOf?: (service: ServiceName) => () => ConnectionTap;
  /** PostgreSQL's data directory. @default a temporary directory */
  readonly data?: string;
  /** Further variables for every service. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly stack?: Pick<StackOptions, 'broker' | 'entry' | 'restartServices'>;
}

export class ShopOnProxies {
  static async start(options: ShopOnProxiesOptions = {}): Promise<ShopOnProxies> {
    const { tapOf, data, environment: more, stack: how } = options;
    const directory = mkdtempSync(join(tmpdir(), 'palinode-lines-'));
    const postgres = await EmbeddedPostgres.start({
      directory: data ?? join(directory, 'postgres'),
      databases: databaseNames,
    });
    const proxies = eachService(() => undefined as unknown as TcpProxy);
    try {
      for (const name of serviceNames) proxies[name] = await TcpProxy.to(postgres.port, tapOf?.(name));
      const databases = eachService((name) => postgres.url(`palinode_${name}`));
      const throughProxies = eachService((name) =>
        databases[name].replace(`${postgres.host}:${postgres.port}`, proxies[name].address),
      );
      // The shortest session timeout that works on this machine, so that a group recovers from one crash before the next.
      // Where the command line looks for it.
      const stackDirectory = join(directory, '.palinode');
      const environment = { KAFKA_SESSION_TIMEOUT_MS: '2000', ...recordingGateway(stackDirectory), ...more };
      const stack = await Stack.start({
        ...how,
        ports: 'free',
        quiet: true,
        directory: stackDirectory,
        databases: throughProxies,
        environment,
      });
      return new ShopOnProxies(directory, postgres, proxies, stack, databases, environment);
    } catch (error) {
      await Promise.all(Object.values(proxies).map((line) => line?.cut()));
      await postgres.stop();
      throw error;
    }
  }

  private constructor(
    readonly directory: string,
    readonly postgres: EmbeddedPostgres,
    readonly proxies: Record<ServiceName, TcpProxy>,
    readonly stack: Stack,
    /** Direct access to the databases, without the proxies. */
    readonly databases: Record<ServiceName, string>,
    readonly environment: Readonly<Record<string, string>>,
  ) {}

  async stop(): Promise<void> {
    await this.stack.stop();
    await Promise.all(Object.values(this.proxies).map((line) => line.cut()));
    await this.postgres.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
