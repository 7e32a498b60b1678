import { resolve } from 'node:path';
import { Broker } from './broker';
import { Listener } from './network/listener';
import { toBrokerSettings } from './settings';
import type { EmbeddedKafkaOptions } from './settings';
import { openDataDirectory, upgradeDataDirectory } from './storage/data-directory';
import { DirectoryLock } from './storage/directory-lock';

/** A one-node broker that speaks Kafka's protocol and keeps its data in one directory. */
export class EmbeddedKafka {
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly broker: Broker,
    private readonly listener: Listener,
    private readonly lock: DirectoryLock,
  ) {}

  /**
   * Recovers the directory's data and listens. Rejects, and leaves nothing behind, when an option is invalid, when
   * another broker uses the directory, when it holds other files, or when the port is taken.
   */
  static async start(options: EmbeddedKafkaOptions): Promise<EmbeddedKafka> {
    const settings = toBrokerSettings({ ...options, directory: options.directory && resolve(options.directory) });
    const clusterId = openDataDirectory(settings.directory);
    const lock = DirectoryLock.take(settings.directory);
    let broker: Broker | undefined;
    try {
      upgradeDataDirectory(settings.directory);
      broker = new Broker(settings, clusterId);
      const listener = new Listener(broker);
      broker.advertised.port = await listener.listen(settings.host, settings.port);
      return new EmbeddedKafka(broker, listener, lock);
    } catch (error) {
      broker?.close();
      lock.release();
      throw error;
    }
  }

  /** The port on which it listens. */
  get port(): number {
    return this.broker.advertised.port;
  }

  /** The bootstrap address for clients. */
  get address(): string {
    return `${this.broker.advertised.host}:${this.port}`;
  }

  /** Closes all connections, syncs everything to the disk and releases the directory. */
  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    await this.listener.close();
    this.broker.close();
    this.lock.release();
  }
}
