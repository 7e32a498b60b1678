import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '@palinode/testing-support/ports';
import { timed } from '../time-spent';
import { EmbeddedPostgres } from '@palinode/testing-support/postgres/embedded-postgres';
import type { BrokerKind } from '../kafka/broker';
import { aboutService, consoleLine, stamped } from './console-line';
import { Servers, usualPort } from './servers';
import { Service } from './service';
import {
  builtEntry,
  eachService,
  environmentOf,
  type ServiceName,
  serviceNames,
  type ServicePorts,
  type StackAddresses,
  urlOf,
  type Variables,
} from './services';
import { claim, describeStack, keepPrivate, release } from './stack-file';

export interface StackOptions {
  /** The directory of its data, logs and description. @default a temporary one, removed by {@link Stack.stop} */
  readonly directory?: string;
  /** @default 'embedded' */
  readonly broker?: BrokerKind | { readonly brokers: readonly string[] };
  /** The databases of an external server. @default the embedded PostgreSQL */
  readonly databases?: Record<ServiceName, string>;
  /** `usual`: those of the README if they are free. @default 'free' */
  readonly ports?: 'free' | 'usual';
  /** Further variables, for every service or for each of its own. */
  readonly environment?: Variables | ((service: ServiceName) => Variables);
  /** Whether processes that end unexpectedly are restarted. @default true */
  readonly restartServices?: boolean;
  /** Whether to start with empty databases and an empty broker. @default false */
  readonly fresh?: boolean;
  /** Whether nothing is printed. @default true */
  readonly quiet?: boolean;
  /** The JavaScript file of a service. @default the output of `npm run build` */
  readonly entry?: (service: ServiceName) => string;
  /** Aborts an unfinished start. */
  readonly signal?: AbortSignal;
}

/**
 * PostgreSQL, a broker and the services on this machine, for `npm start`, tests and benches.
 *
 * Several may run at once in separate directories. All of its processes end with this one.
 */
export class Stack {
  readonly services: Record<ServiceName, Service>;
  /** Settles with the reason when a process could not be kept running. */
  readonly failure: Promise<Error>;
  private described = Promise.resolve();
  private up = false;
  private ending: Promise<void> | undefined;

  /** Resolves when every service takes requests and handles messages. On a failure it ends everything that it has started. */
  static start(options: StackOptions = {}): Promise<Stack> {
    return timed('start of the shop', () => Stack.launch(options));
  }

  private static async launch(options: StackOptions): Promise<Stack> {
    const temporary = options.directory === undefined;
    const directory = resolve(options.directory ?? (await mkdtemp(join(tmpdir(), 'palinode-stack-'))));
    await keepPrivate(directory);
    await claim(directory);
    const say = (line: string): void => (options.quiet === false ? console.log(stamped(line, new Date())) : undefined);
    let fail: (reason: Error) => void = () => {};
    const failure = new Promise<Error>((settle) => (fail = settle));
    const servers = new Servers({
      directory,
      broker: options.broker ?? 'embedded',
      databases: options.databases,
      port: (what) => (options.ports === 'usual' ? usualPort(what, say) : freePort()),
      phase: (name, work) => phase(name, work, say),
      onEnd: (what) => say(`${what} ended and is restarted`),
      onGivingUp: fail,
    });
    const ended = async () => {
      await servers.stop();
      await release(directory);
      if (temporary) await rm(directory, { recursive: true, force: true });
    };
    try {
      if (options.fresh) await phase('empty the data', () => erase(directory), say);
      await servers.start();
      options.signal?.throwIfAborted();
      const ports = await servicePorts(options, say);
      const around = {
        ports,
        databases: servers.databases,
        brokers: servers.brokers,
        environment: options.environment ?? {},
      };
      const stack = new Stack(directory, options, servers, around, { fail, failure, ended, say });
      await stack.startServices();
      return stack;
    } catch (error) {
      await ended();
      throw error;
    }
  }

  private constructor(
    readonly directory: string,
    options: StackOptions,
    private readonly servers: Servers,
    private readonly around: StackAddresses,
    private readonly run: {
      fail: (reason: Error) => void;
      failure: Promise<Error>;
      ended: () => Promise<void>;
      say: (line: string) => void;
    },
  ) {
    this.failure = run.failure;
    this.services = eachService((name) => this.service(name, options));
    options.signal?.addEventListener('abort', () => run.fail(new Error('The start was aborted.')), { once: true });
  }

  get databases(): Record<ServiceName, string> {
    return this.around.databases;
  }

  get brokers(): readonly string[] {
    return this.around.brokers;
  }

  /** The processes of the servers that it runs itself, by server. */
  get serverPids(): Readonly<Record<'postgres' | 'broker', number | undefined>> {
    return { postgres: this.servers.postgres?.server.pid, broker: this.servers.broker?.server.pid };
  }

  /** The address of the orchestrator's admin API. */
  get adminUrl(): string {
    return this.services.orchestrator.url;
  }

  /** Resolves when every service takes requests and handles messages again. */
  async ready(deadlineMs = 60_000): Promise<void> {
    await Promise.all(serviceNames.map((name) => this.services[name].ready(deadlineMs)));
  }

  /** Kills a service with SIGKILL; it is restarted unless `restartServices` is false. */
  async kill(service: ServiceName): Promise<void> {
    await this.services[service].kill();
  }

  /** Kills the broker and restarts it on the same port with the same data, or with none. */
  async restartBroker(how?: { empty?: boolean }): Promise<void> {
    if (!this.servers.broker) throw new Error('This stack uses a broker that it did not start; restart it yourself.');
    await this.servers.broker.restart(how);
  }

  /** Kills PostgreSQL and restarts it on the same port with the same data. */
  async restartPostgres(): Promise<void> {
    if (!this.servers.postgres)
      throw new Error('This stack uses databases that it did not start; restart them yourself.');
    await this.servers.postgres.restart();
  }

  /** Shuts down the services, then the servers. Deletes a temporary directory. */
  stop(): Promise<void> {
    this.ending ??= this.end();
    return this.ending;
  }

  private async startServices(): Promise<void> {
    try {
      await phase('services', () => this.untilReady(), this.run.say);
      this.up = true;
      await this.describe();
    } catch (error) {
      await this.stopServices();
      throw error;
    }
  }

  private async untilReady(): Promise<void> {
    await Promise.all(serviceNames.map((name) => this.services[name].start()));
    const failed = this.failure.then((reason) => Promise.reject(reason));
    await Promise.race([this.ready(120_000), failed]);
  }

  private async end(): Promise<void> {
    await this.stopServices();
    await this.run.ended();
  }

  private async stopServices(): Promise<void> {
    this.up = false;
    await Promise.all(serviceNames.map((name) => this.services[name].stop()));
    await this.described;
  }

  private service(name: ServiceName, options: StackOptions): Service {
    return new Service({
      name,
      url: urlOf(this.around.ports[name]),
      entry: (options.entry ?? builtEntry)(name),
      environment: environmentOf(name, this.around),
      logFile: join(this.directory, 'logs', `${name}.log`),
      restarts: options.restartServices !== false,
      onLine: (line) => {
        const short = consoleLine(name, line);
        if (short !== undefined) this.run.say(short);
      },
      onStart: (message) => {
        if (message) this.run.say(aboutService(name, message));
        if (this.up) void this.describe();
      },
      onGivingUp: this.run.fail,
    });
  }

  /** Updates `stack.json`; one write at a time, so that the last one contains the latest state. */
  private describe(): Promise<void> {
    this.described = this.described.then(async () => {
      const services = eachService((name) => ({ url: this.services[name].url, pid: this.services[name].pid }));
      const orchestrator = { url: this.adminUrl, adminUrl: this.adminUrl, pid: services.orchestrator.pid };
      const { databases, brokers } = this;
      await describeStack(this.directory, {
        pid: process.pid,
        services: { ...services, orchestrator },
        databases,
        brokers,
      });
    });
    return this.described;
  }
}

async function erase(directory: string): Promise<void> {
  await EmbeddedPostgres.erase(join(directory, 'postgres'));
  const brokers = ['broker', 'apache-kafka-data'];
  await Promise.all(brokers.map((name) => rm(join(directory, name), { recursive: true, force: true })));
}

async function servicePorts(options: StackOptions, say: (line: string) => void): Promise<ServicePorts> {
  const ports = { ...eachService(() => 0), inventoryGrpc: 0 };
  for (const name of [...serviceNames, 'inventoryGrpc'] as const)
    ports[name] = await (options.ports === 'usual' ? usualPort(name, say) : freePort());
  return ports;
}

async function phase<T>(name: string, work: () => Promise<T>, say: (line: string) => void): Promise<T> {
  const startedAt = Date.now();
  const result = await work();
  say(`${name.padEnd(28)}${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  return result;
}
