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
   * Recovers what the directory holds and listens. Rejects, leaving nothing behind, when the options cannot work, when
   * the directory is another broker's or holds something else, or when the port is taken.
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

  get port(): number {
    return this.broker.advertised.port;
  }

  /** What clients name as their bootstrap broker. */
  get address(): string {
    return `${this.broker.advertised.host}:${this.port}`;
  }

  /** Ends all connections, brings everything to the disk and gives the directory free. */
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
