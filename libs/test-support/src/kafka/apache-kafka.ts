import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { freePort } from '@palinode/testing-support/ports';
import { Child } from '@palinode/testing-support/processes/child';
import { endLeftOver, notePid } from '@palinode/testing-support/processes/left-over';
import { GiveUp, waitUntil } from '@palinode/testing-support/wait-until';
import { kafkaJars } from './jars';
import { whatIsMissing } from './java';
import { serverProperties, type BrokerProperties, type Listener } from './server-properties';

export interface ApacheKafkaOptions {
  readonly directory?: string;
  readonly port?: number;
  readonly settings?: BrokerProperties;
  /** Further listeners; the administration and {@link ApacheKafka.address} stay on the one without authentication. */
  readonly listeners?: readonly Listener[];
  /** SCRAM credentials that exist from the start, as `SCRAM-SHA-512=[name=payment,password=secret]`. */
  readonly credentials?: readonly string[];
  /** Called with each line of its output. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/**
 * One broker of Apache Kafka in KRaft mode, for tests. It runs on the machine's Java.
 *
 * Its Java process ends with this one, even when this one is killed. If one is still running in the directory, the next
 * start ends it first.
 */
export class ApacheKafka {
  private child: Child | undefined;

  /** Why it cannot run on this machine, with the remedy; undefined when it can. */
  static missing(): string | undefined {
    return whatIsMissing();
  }

  /**
   * Resolves when the broker answers. The first start of a checkout downloads 45 MB.
   *
   * Without a directory the data is temporary, and {@link stop} deletes it; without a port it takes a free one.
   * `settings` are added to its configuration.
   */
  static async start({ directory, port, ...options }: ApacheKafkaOptions = {}): Promise<ApacheKafka> {
    const reason = whatIsMissing();
    if (reason) throw new Error(reason);
    const temporary = directory === undefined;
    const place = temporary ? await mkdtemp(join(tmpdir(), 'palinode-apache-kafka-')) : resolve(directory);
    const kafka = new ApacheKafka(place, temporary, port ?? (await freePort()), await kafkaJars(), options);
    try {
      await kafka.launch();
    } catch (error) {
      await kafka.stop();
      throw error;
    }
    return kafka;
  }

  private constructor(
    readonly directory: string,
    private readonly temporary: boolean,
    readonly port: number,
    private readonly jars: string,
    private readonly options: Omit<ApacheKafkaOptions, 'directory' | 'port'>,
  ) {}

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The id of its Java process; undefined while it is down. */
  get pid(): number | undefined {
    return this.child?.isRunning ? this.child.pid : undefined;
  }

  /** Settles when the broker's process has ended, for any reason. */
  get ended(): Promise<unknown> {
    return this.child?.ended ?? Promise.resolve();
  }

  /** Kills it with SIGKILL. */
  async kill(): Promise<void> {
    await this.child?.kill();
  }

  /** Kills it if it runs, and restarts it on the same port with the same data, or with none. */
  async restart({ empty = false }: { empty?: boolean } = {}): Promise<void> {
    await this.kill();
    if (empty) await rm(this.logDirectory, { recursive: true, force: true });
    await this.launch();
  }

  /** Shuts it down, by force after 10 s, and deletes temporary data. */
  async stop(): Promise<void> {
    await this.child?.stop();
    await rm(this.pidFile, { force: true });
    if (this.temporary) await rm(this.directory, { recursive: true, force: true });
  }

  private get logDirectory(): string {
    return join(this.directory, 'log');
  }

  private get pidFile(): string {
    return join(this.directory, 'broker.pid');
  }

  private async launch(): Promise<void> {
    const { logDirectory } = this;
    const configuration = join(this.directory, 'server.properties');
    await mkdir(logDirectory, { recursive: true });
    await endLeftOver(this.pidFile, configuration);
    const controllerPort = await freePort();
    const place = { port: this.port, controllerPort, logDirectory };
    const { settings, listeners } = this.options;
    await writeFile(configuration, serverProperties(place, settings, listeners));
    await writeFile(join(this.directory, 'log4j2.properties'), consoleLogging);
    if (!existsSync(join(logDirectory, 'meta.properties'))) await this.format(configuration);
    this.child = await this.java('Apache Kafka', ['kafka.Kafka', configuration]);
    await notePid(this.pidFile, this.child.pid);
    await this.untilItAnswers(this.child);
  }

  /** Gives the user a new password for SCRAM-SHA-512, as `kafka-configs.sh` does. Open connections stay as they are. */
  async setPassword(user: string, password: string): Promise<void> {
    const change = ['--alter', '--entity-type', 'users', '--entity-name', user];
    const credential = ['--add-config', `SCRAM-SHA-512=[iterations=4096,password=${password}]`];
    await this.run('kafka.admin.ConfigCommand', ['--bootstrap-server', this.address, ...change, ...credential]);
  }

  private async format(configuration: string): Promise<void> {
    const cluster = ['-t', 'UGFsaW5vZGVDbHVzdGVyMQ', '-c', configuration];
    const credentials = (this.options.credentials ?? []).flatMap((each) => ['--add-scram', each]);
    await this.run('kafka.tools.StorageTool', ['format', ...cluster, ...credentials]);
  }

  /** Runs a program of Apache Kafka to its end. */
  private async run(program: string, flags: readonly string[]): Promise<void> {
    const tool = await this.java(`Apache Kafka’s ${program}`, [program, ...flags]);
    const { code } = await tool.ended;
    if (code !== 0) throw new Error(`${program} of Apache Kafka failed in ${this.directory}:\n${tool.lastLines()}`);
  }

  private java(name: string, mainAndArguments: string[]): Promise<Child> {
    // The classes come before the jars, so that our log4j2.properties is found first.
    const classPath = [this.directory, join(this.jars, '*')].join(delimiter);
    const small = ['-Xms96m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
    return Child.start('java', [...small, '-cp', classPath, ...mainAndArguments], {
      name,
      guarded: true,
      onLine: this.options.onLine,
    });
  }

  private async untilItAnswers(child: Child): Promise<void> {
    const client = new Kafka({
      brokers: [this.address],
      connectionTimeout: 1_000,
      retry: { retries: 0 },
      logLevel: logLevel.NOTHING,
    });
    const admin = client.admin();
    try {
      await waitUntil(
        `Apache Kafka on ${this.address}`,
        async () => {
          if (!child.isRunning) throw new GiveUp(`Apache Kafka ended while starting:\n${child.lastLines()}`);
          await admin.connect();
          return (await admin.describeCluster()).brokers.length > 0;
        },
        { deadlineMs: 60_000, everyMs: 100 },
      );
    } finally {
      await admin.disconnect();
    }
  }
}

const consoleLogging = `rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss} %p %m%n
`;
