import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ApacheKafka } from './apache-kafka';
import { Child } from '@palinode/testing-support/processes/child';
import { endLeftOver, notePid } from '@palinode/testing-support/processes/left-over';
import { repositoryRoot } from '../repository';
import { GiveUp, waitUntil } from '@palinode/testing-support/wait-until';

export const brokerKinds = ['embedded', 'apache'] as const;
export type BrokerKind = (typeof brokerKinds)[number];

/** A broker that this process runs. */
export interface Broker {
  readonly address: string;
  /** Undefined while it is down. */
  readonly pid: number | undefined;
  /** Settles when its process has ended, for any reason. */
  readonly ended: Promise<unknown>;
  /** SIGKILL, then a start on the same port with the same data, or with none. */
  restart(how?: { empty?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

/** `onLine` is called with each line of its output. */
export function startBroker(
  kind: BrokerKind,
  directory: string,
  port: number,
  onLine?: (line: string) => void,
): Promise<Broker> {
  return kind === 'apache'
    ? ApacheKafka.start({ directory, port, onLine })
    : EmbeddedBroker.start(directory, port, onLine);
}

const entry = join(repositoryRoot, 'dist/libs/embedded-kafka/src/main.js');

/** The embedded broker in a separate process, so that it does not share the launcher's event loop and can be killed. */
class EmbeddedBroker implements Broker {
  private child: Child | undefined;

  static async start(directory: string, port: number, onLine?: (line: string) => void): Promise<Broker> {
    if (!existsSync(entry)) throw new Error(`The embedded broker is not built (${entry}): run npm run build.`);
    const broker = new EmbeddedBroker(directory, port, onLine);
    await broker.launch();
    return broker;
  }

  private constructor(
    private readonly directory: string,
    private readonly port: number,
    private readonly onLine: ((line: string) => void) | undefined,
  ) {}

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.child?.isRunning ? this.child.pid : undefined;
  }

  get ended(): Promise<unknown> {
    return this.child?.ended ?? Promise.resolve();
  }

  async restart({ empty = false }: { empty?: boolean } = {}): Promise<void> {
    await this.child?.kill();
    if (empty) await rm(this.directory, { recursive: true, force: true });
    await this.launch();
  }

  async stop(): Promise<void> {
    await this.child?.stop();
    await rm(`${this.directory}.pid`, { force: true });
  }

  private async launch(): Promise<void> {
    // The broker of a killed run ends by itself; it must have ended before its log is opened again.
    await endLeftOver(`${this.directory}.pid`, this.directory);
    // Permits shorter sessions than Kafka's usual minimum, which makes tests that kill processes faster.
    const place = [
      '--directory',
      this.directory,
      '--port',
      String(this.port),
      '--min-session',
      '1000',
      '--with-parent',
    ];
    const child = await Child.start(process.execPath, [entry, ...place], {
      name: 'The embedded broker',
      openInput: true,
      onLine: this.onLine,
    });
    this.child = child;
    await notePid(`${this.directory}.pid`, child.pid);
    await waitUntil(`The embedded broker on ${this.address}`, () => {
      if (!child.isRunning) throw new GiveUp(`The embedded broker ended while starting:\n${child.lastLines()}`);
      return child.lastLines().includes('{"address":');
    });
  }
}
