import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  DefinitionRegistry,
  DueTimers,
  IncidentReader,
  PendingReader,
  type SagaEvent,
  SagaReader,
  SagaRunner,
  SagaStore,
  StatisticsReader,
  StatisticsStore,
  Timers,
} from '@palinode/saga/internal';
import { orchestratorMigrations } from '@palinode/saga/orchestrator';
import { freshDatabases } from '../measure/postgres';
import { unlessCounted } from '../targets/invariants';
import { earlierPurchase, otherPurchase, patientPurchase } from './definitions';
import { InstantTransport } from './instant-transport';
import { fillWithSagas, OPEN, type Population, type StoredSagas } from './stored-sagas';
import { fillWithStatistics } from './stored-statistics';

const SERVICES: Readonly<Record<string, string>> = { stock: 'stock', payment: 'payment' };

/** A database with this number of sagas, and the orchestrator's own code on it. */
export class SagaDatabase {
  readonly transport = new InstantTransport();
  readonly store: SagaStore;
  readonly runner: SagaRunner;
  readonly reader: SagaReader;
  readonly incidents: IncidentReader;
  readonly statistics: StatisticsStore;
  readonly statisticsReader: StatisticsReader;
  readonly pending: PendingReader;
  readonly due: DueTimers;
  readonly timers: Timers;
  sagas!: StoredSagas;

  private constructor(readonly databaseUrl: string) {
    const log = new Logger('growth');
    const registry = new DefinitionRegistry([patientPurchase, otherPurchase, earlierPurchase]);
    this.store = new SagaStore({ database: databaseUrl }, log);
    this.runner = new SagaRunner({ registry, store: this.store, transport: this.transport, log });
    this.reader = new SagaReader(this.store);
    this.incidents = new IncidentReader(registry, this.store);
    this.statistics = new StatisticsStore(this.store.pool, this.store.tables);
    this.statisticsReader = new StatisticsReader(registry, this.statistics, this.store.pool);
    this.pending = new PendingReader(this.store);
    this.due = new DueTimers(this.store);
    this.timers = new Timers(this.store, this.runner, log);
  }

  static async with(count: number, adminUrl: string, population: Population = OPEN): Promise<SagaDatabase> {
    const prefix = `growth_${population.name}_${count}`;
    const { orchestrator: url } = await freshDatabases(adminUrl, prefix, ['orchestrator'] as const);
    const source = await new DataSource({ type: 'postgres', url, migrations: orchestratorMigrations }).initialize();
    await source.runMigrations();
    await source.destroy();
    const database = new SagaDatabase(url);
    try {
      database.sagas = await fillWithSagas(database.store, database.runner, database.transport, population, count);
      await fillWithStatistics(database.store, database.statistics);
    } catch (error) {
      await database.close();
      throw error;
    }
    return database;
  }

  /** The numbers of this many different sagas that wait for a reply. */
  pick(howMany: number): number[] {
    const picked = new Set<number>();
    while (picked.size < howMany) {
      const n = Math.floor(Math.random() * this.sagas.count);
      if (n % 100 < 90) picked.add(n);
    }
    return [...picked];
  }

  /** The reply that the saga waits for, computed without reading the database, to leave its caches unchanged. */
  replyTo(n: number): { sagaId: string; event: SagaEvent } {
    const sagaId = this.sagas.idOf(n);
    const { id: commandId, sagastep: step } = this.transport.lastCommandOf(sagaId) ?? {
      id: this.sagas.firstCommandOf(n),
      sagastep: 'stock',
    };
    const from = SERVICES[step] ?? 'order';
    const reply = step === 'payment' ? { authorizationId: sagaId } : undefined;
    return { sagaId, event: { kind: 'replied', commandId, step, direction: 'action', from, reply } };
  }

  /** The numbers of this many sagas that stay open after their next reply. */
  fresh(howMany: number): number[] {
    const found = new Set<number>();
    while (found.size < howMany) {
      const [n = 0] = this.pick(1);
      if (this.transport.lastCommandOf(this.sagas.idOf(n))?.sagastep !== 'billing') found.add(n);
    }
    return [...found];
  }

  /** The broken invariants: every measured event must have advanced its saga. */
  async problems(): Promise<string[]> {
    await this.runner.deleteAcknowledged();
    const ignored = 'SELECT count(*) FROM saga_history WHERE ignored IS NOT NULL';
    return [
      ...(await unlessCounted('events that changed nothing', this.databaseUrl, ignored, 0)),
      ...(await unlessCounted('commands in the outbox', this.databaseUrl, 'SELECT count(*) FROM outbox', 0)),
    ];
  }

  /** The number of saga updates that stayed within their page (HOT), and of all. */
  async hotUpdates(): Promise<{ hot: number; all: number }> {
    const [row] = await this.sql<{ hot: string; all: string }>(
      `SELECT n_tup_hot_upd AS hot, n_tup_upd AS all FROM pg_stat_user_tables WHERE relname = 'saga'`,
    );
    return { hot: Number(row?.hot), all: Number(row?.all) };
  }

  async sql<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    const { rows } = await this.store.pool.query(text, values);
    return rows as Row[];
  }

  async close(): Promise<void> {
    await this.timers.stop();
    await this.runner.deleteAcknowledged();
    await this.store.close();
  }
}
