/* The shop whose services reach their databases over lines that a test may disturb, each over one of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eachService, serviceNames, type ServiceName } from '@palinode/test-support/shop/services';
import { Stack } from '@palinode/test-support/shop/stack';
import { EmbeddedPostgres } from '@palinode/test-support/postgres/embedded-postgres';
import { Line, type Tap } from '@palinode/test-support/network/line';
import { recordingGateway } from '../../apps/payment/test/gateway-books';

export interface ShopOnLinesOptions {
  readonly tapOf?: (service: ServiceName) => () => Tap;
  /** Where PostgreSQL keeps its data. @default a temporary directory */
  readonly data?: string;
  /** Further variables for every service. */
  readonly environment?: Readonly<Record<string, string>>;
}

export class ShopOnLines {
  static async start({ tapOf, data, environment: more }: ShopOnLinesOptions = {}): Promise<ShopOnLines> {
    const directory = mkdtempSync(join(tmpdir(), 'palinode-lines-'));
    const postgres = await EmbeddedPostgres.start({ directory: data ?? join(directory, 'postgres') });
    const lines = eachService(() => undefined as unknown as Line);
    try {
      for (const name of serviceNames) lines[name] = await Line.to(postgres.port, tapOf?.(name));
      const databases = eachService((name) => postgres.url(`palinode_${name}`));
      const overLines = eachService((name) =>
        databases[name].replace(`${postgres.host}:${postgres.port}`, lines[name].address),
      );
      // Sessions are as short as the machine bears, so that a group gets over a death before the next one.
      const environment = { KAFKA_SESSION_TIMEOUT_MS: '2000', ...recordingGateway(directory), ...more };
      const stack = await Stack.start({
        ports: 'free',
        quiet: true,
        directory,
        databases: overLines,
        environment,
      });
      return new ShopOnLines(directory, postgres, lines, stack, databases, environment);
    } catch (error) {
      await Promise.all(Object.values(lines).map((line) => line?.cut()));
      await postgres.stop();
      throw error;
    }
  }

  private constructor(
    private readonly directory: string,
    readonly postgres: EmbeddedPostgres,
    readonly lines: Record<ServiceName, Line>,
    readonly stack: Stack,
    /** The databases themselves, past the lines. */
    readonly databases: Record<ServiceName, string>,
    readonly environment: Readonly<Record<string, string>>,
  ) {}

  async stop(): Promise<void> {
    await this.stack.stop();
    await Promise.all(Object.values(this.lines).map((line) => line.cut()));
    await this.postgres.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
