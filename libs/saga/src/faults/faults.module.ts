import {
  ConfigurableModuleBuilder,
  Logger,
  Module,
  type BeforeApplicationShutdown,
  type ConfigurableModuleAsyncOptions,
  type DynamicModule,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { Pool } from 'pg';
import { ConfigurationError } from '../contract';
import { DefinitionRegistry } from '../definition';
import {
  connectionConfig,
  HISTORY_RECORDER,
  HOOKS,
  INTERFERENCE_FINDER,
  surviveBrokenConnections,
  untilDatabaseAnswers,
  type ConnectionSettings,
  type HistoryRecorder,
} from '../messaging';
import { catalogOf, commandsOf, ORCHESTRATOR } from './catalog';
import { FaultConsole } from './fault-console';
import { FaultEngine } from './fault-engine';
import { FaultFeedClient } from './fault-feed';
import { FaultHooks } from './fault-hooks';
import { FaultsOnCommands } from './faults-on-commands';
import { FaultsController } from './faults.controller';
import { Hits } from './hits';
import { RuleStore } from './rule-store';

/** The options of {@link FaultsModule.forRoot}. */
export interface FaultsOptions {
  /** Of the service's own database, where it keeps what struck. */
  readonly databaseUrl: string;
  /** Where faults are armed: the orchestrator's HTTP API. */
  readonly url: string;
  /** How connections are opened and watched. */
  readonly connection?: ConnectionSettings;
}

/** What Nest needs to know before the options are there, also with `forRootAsync`. */
export interface FaultsModuleExtras {
  /** The service's name. In `orchestrator` faults are armed over HTTP. */
  readonly service: string;
  /**
   * Whether all modules of the application may inject what the module exports without importing it, so that the library's other
   * modules find the faults that strike them. @default false
   */
  readonly isGlobal?: boolean;
}

const SERVICE = Symbol('service with faults');

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<FaultsOptions>({
  moduleName: 'Faults',
})
  .setClassMethodName('forRoot')
  .setExtras<FaultsModuleExtras>({ service: '', isGlobal: false }, (module, { service, isGlobal }) => ({
    ...module,
    global: isGlobal ?? false,
    controllers: service === ORCHESTRATOR ? [FaultsController] : [],
    exports: [...(module.exports ?? []), ...(service === ORCHESTRATOR ? [INTERFERENCE_FINDER] : [])],
    providers: [
      ...(module.providers ?? []),
      { provide: SERVICE, useValue: service },
      ...(service === ORCHESTRATOR ? CONSOLE : FEED),
    ],
  }))
  .build();

interface Beside {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What runs beside the engine, and ends with the application. */
class FaultsRuntime implements BeforeApplicationShutdown, OnApplicationShutdown {
  private constructor(
    private readonly pool: Pool,
    private readonly engine: FaultEngine,
    private readonly beside: Beside,
  ) {}

  /** Starts before messages are handled, so that the first ones meet what is armed. */
  static async start(pool: Pool, engine: FaultEngine, beside: Beside): Promise<FaultsRuntime> {
    await beside.start();
    return new FaultsRuntime(pool, engine, beside);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.engine.close();
    await this.beside.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

const LOG = new Logger('Faults');

/** In the orchestrator. */
const CONSOLE: Provider[] = [
  {
    provide: FaultConsole,
    inject: [Pool, Hits, FaultEngine, DefinitionRegistry, HISTORY_RECORDER],
    useFactory: (
      pool: Pool,
      hits: Hits,
      engine: FaultEngine,
      registry: DefinitionRegistry,
      recorder: HistoryRecorder,
    ) => {
      const catalog = catalogOf(commandsOf(registry));
      return new FaultConsole({ catalog, store: new RuleStore(pool), hits, engine, recorder, log: LOG });
    },
  },
  {
    provide: FaultsRuntime,
    inject: [Pool, FaultEngine, FaultConsole],
    useFactory: (pool: Pool, engine: FaultEngine, console: FaultConsole) => FaultsRuntime.start(pool, engine, console),
  },
  {
    provide: INTERFERENCE_FINDER,
    inject: [Hits, FaultConsole],
    useFactory: (hits: Hits, console: FaultConsole) => new FaultsOnCommands(hits, () => console.armed),
  },
];

/** In every other service. */
const FEED: Provider[] = [
  {
    provide: FaultsRuntime,
    inject: [MODULE_OPTIONS_TOKEN, Pool, Hits, FaultEngine],
    useFactory: ({ url }: FaultsOptions, pool: Pool, hits: Hits, engine: FaultEngine) =>
      FaultsRuntime.start(pool, engine, new FaultFeedClient(url, engine, hits, LOG)),
  },
];

/**
 * Makes faults on demand possible in a service, and armed over HTTP in the orchestrator. For development and tests only. `forRoot`
 * takes the options; `forRootAsync` takes them from a factory, but for `service`, which decides what the module is made of.
 *
 * @throws ConfigurationError with NODE_ENV=production.
 */
@Module({
  providers: [
    {
      provide: Pool,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: ({ databaseUrl, connection }: FaultsOptions) => poolOf(databaseUrl, connection),
    },
    { provide: Hits, inject: [Pool, SERVICE], useFactory: (pool: Pool, service: string) => new Hits(pool, service) },
    {
      provide: FaultEngine,
      inject: [Hits, SERVICE],
      // Nothing may be struck before it can be kept.
      useFactory: async (hits: Hits, service: string) => {
        await untilDatabaseAnswers('prepare for faults', () => hits.prepare(), LOG);
        return new FaultEngine(service, hits, LOG);
      },
    },
    {
      provide: HOOKS,
      inject: [FaultEngine],
      useFactory: (engine: FaultEngine) => new FaultHooks(engine, LOG),
    },
  ],
  exports: [HOOKS],
})
export class FaultsModule {
  /** Makes faults possible in this service. @throws ConfigurationError with NODE_ENV=production */
  static forRoot(options: FaultsOptions & FaultsModuleExtras): DynamicModule {
    assertNotProduction();
    return { ...ConfigurableModuleClass.forRoot(options), module: FaultsModule };
  }

  /** The same with options from a factory. @throws ConfigurationError with NODE_ENV=production */
  static forRootAsync(options: ConfigurableModuleAsyncOptions<FaultsOptions> & FaultsModuleExtras): DynamicModule {
    assertNotProduction();
    return { ...ConfigurableModuleClass.forRootAsync(options), module: FaultsModule };
  }
}

function assertNotProduction(): void {
  if (process.env['NODE_ENV'] === 'production')
    throw new ConfigurationError('Faults on demand do not run with NODE_ENV=production; unset FAULTS_URL.');
}

function poolOf(url: string, connection: ConnectionSettings | undefined): Pool {
  const pool = new Pool({ max: 4, ...connectionConfig(url, connection) });
  surviveBrokenConnections(pool);
  pool.on('error', (error) => LOG.warn(`an idle database connection broke: ${error.message}`));
  return pool;
}
