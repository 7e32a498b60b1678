import { join } from 'node:path';
import { isFree, freePort } from '@palinode/testing-support/ports';
import { EmbeddedPostgres } from '@palinode/testing-support/postgres/embedded-postgres';
import { databaseNames } from './databases';
import { type Broker, type BrokerKind, startBroker } from '../kafka/broker';
import { KeptRunning } from './kept-running';
import { LogFile } from './log-file';
import { eachService, type ServiceName, usualPorts } from './services';

export interface ServerChoice {
  readonly directory: string;
  readonly broker: BrokerKind | { readonly brokers: readonly string[] };
  /** The databases of an external server; undefined for the embedded PostgreSQL. */
  readonly databases?: Record<ServiceName, string>;
  readonly port: (what: keyof typeof usualPorts) => Promise<number>;
  /** Prints the name of a phase, and its duration when it is done. */
  readonly phase: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  readonly onEnd: (what: string) => void;
  readonly onGivingUp: (reason: Error) => void;
}

/** The database server and the broker of a stack, unless they are external. */
export class Servers {
  postgres: KeptRunning<EmbeddedPostgres> | undefined;
  broker: KeptRunning<Broker> | undefined;
  private readonly logs: LogFile[] = [];

  constructor(private readonly choice: ServerChoice) {}

  /** Starts both concurrently. When one fails, {@link stop} still ends the other. */
  async start(): Promise<void> {
    const outcomes = await Promise.allSettled([this.startPostgres(), this.startBroker()]);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  get databases(): Record<ServiceName, string> {
    const { postgres } = this;
    return this.choice.databases ?? eachService((name) => postgres?.server.url(`palinode_${name}`) ?? '');
  }

  get brokers(): readonly string[] {
    const { broker } = this.choice;
    return typeof broker === 'object' ? broker.brokers : [this.broker?.server.address ?? ''];
  }

  async stop(): Promise<void> {
    await Promise.all([this.postgres?.stop(), this.broker?.stop()]);
    for (const log of this.logs) log.end();
  }

  /** Where a server's output goes: beside the logs of the services. */
  private logTo(name: 'postgres' | 'broker'): (line: string) => void {
    const log = new LogFile(join(this.choice.directory, 'logs', `${name}.log`));
    this.logs.push(log);
    return log.write;
  }

  private async startPostgres(): Promise<void> {
    const { choice } = this;
    if (choice.databases) return;
    const port = await choice.port('postgres');
    const directory = join(choice.directory, 'postgres');
    const started = await choice.phase('PostgreSQL', () =>
      EmbeddedPostgres.start({ directory, port, databases: databaseNames, onLine: this.logTo('postgres') }),
    );
    this.postgres = new KeptRunning(started, () => choice.onEnd('PostgreSQL'), choice.onGivingUp);
  }

  private async startBroker(): Promise<void> {
    const { broker: kind, directory, ...choice } = this.choice;
    if (typeof kind === 'object') return;
    const port = await choice.port('broker');
    const [name, place] = kind === 'apache' ? ['Apache Kafka', 'apache-kafka'] : ['broker', 'broker'];
    // A directory of this stack alone, beside the jars that Apache Kafka's cache may have here.
    const data = join(directory, kind === 'apache' ? `${place}-data` : place);
    const started = await choice.phase(name, () => startBroker(kind, data, port, this.logTo('broker')));
    this.broker = new KeptRunning(started, () => choice.onEnd(name), choice.onGivingUp);
  }
}

/** The usual port if it is free; otherwise another one, with a notice. */
export async function usualPort(what: keyof typeof usualPorts, say: (line: string) => void): Promise<number> {
  const usual = usualPorts[what];
  if (await isFree(usual)) return usual;
  const other = await freePort();
  say(`Port ${usual} is in use by another program; ${what} listens on ${other}.`);
  return other;
}
