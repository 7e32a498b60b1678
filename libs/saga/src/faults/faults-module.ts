import {
  Logger,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { Pool } from 'pg';
import { ConfigurationError } from '../contract';
import {
  connectionConfig,
  FAULT_RECORDER,
  FAULTS,
  surviveBrokenConnections,
  untilDatabaseAnswers,
  type ConnectionSettings,
  type FaultRecorder,
} from '../messaging';
import { ORCHESTRATOR } from './catalog';
import { FaultConsole } from './fault-console';
import { FaultEngine } from './fault-engine';
import { FaultFeedClient } from './fault-feed';
import { FaultsController } from './faults.controller';
import { Hits } from './hits';
import { RuleStore } from './rule-store';

export interface FaultsOptions {
  readonly service: string;
  /** Of the service's own database, where it keeps what struck. */
  readonly databaseUrl: string;
  /** Where faults are armed: the orchestrator's HTTP API. */
  readonly url: string;
  /** How connections are opened and watched. */
  readonly connection?: ConnectionSettings;
}

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

/**
 * Makes faults on demand possible in a service, and armed over HTTP in the orchestrator. For development and tests only.
 *
 * @throws ConfigurationError with NODE_ENV=production.
 */
@Module({})
export class FaultsModule {
  static forRoot({ service, databaseUrl, url, connection }: FaultsOptions): DynamicModule {
    if (process.env['NODE_ENV'] === 'production')
      throw new ConfigurationError('Faults on demand do not run with NODE_ENV=production; unset FAULTS_URL.');
    const log = new Logger('Faults');
    const isOrchestrator = service === ORCHESTRATOR;
    return {
      module: FaultsModule,
      global: true,
      controllers: isOrchestrator ? [FaultsController] : [],
      providers: [
        {
          provide: Pool,
          useFactory: () => poolOf(databaseUrl, connection, log),
        },
        { provide: Hits, inject: [Pool], useFactory: (pool: Pool) => new Hits(pool, service) },
        {
          provide: FAULTS,
          inject: [Hits],
          // Nothing may be struck before it can be kept.
          useFactory: async (hits: Hits) => {
            await untilDatabaseAnswers('prepare for faults', () => hits.prepare(), log);
            return new FaultEngine(service, hits, log);
          },
        },
        ...(isOrchestrator ? consoleProviders(log) : feedProviders(url, log)),
      ],
      exports: [FAULTS],
    };
  }
}

function consoleProviders(log: Logger): Provider[] {
  return [
    {
      provide: FaultConsole,
      inject: [Pool, Hits, FAULTS, FAULT_RECORDER],
      useFactory: (pool: Pool, hits: Hits, engine: FaultEngine, recorder: FaultRecorder) =>
        new FaultConsole(new RuleStore(pool), hits, engine, recorder, log),
    },
    {
      provide: FaultsRuntime,
      inject: [Pool, FAULTS, FaultConsole],
      useFactory: (pool: Pool, engine: FaultEngine, console: FaultConsole) =>
        FaultsRuntime.start(pool, engine, console),
    },
  ];
}

function feedProviders(url: string, log: Logger): Provider[] {
  return [
    {
      provide: FaultsRuntime,
      inject: [Pool, Hits, FAULTS],
      useFactory: (pool: Pool, hits: Hits, engine: FaultEngine) =>
        FaultsRuntime.start(pool, engine, new FaultFeedClient(url, engine, hits, log)),
    },
  ];
}

function poolOf(url: string, connection: ConnectionSettings | undefined, log: Logger): Pool {
  const pool = new Pool({ max: 4, ...connectionConfig(url, connection) });
  surviveBrokenConnections(pool);
  pool.on('error', (error) => log.warn(`an idle database connection broke: ${error.message}`));
  return pool;
}
