import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SagaReader } from '@palinode/saga/admin';
import {
  DefinitionRegistry,
  DueTimers,
  orchestratorMigrations,
  SagaRunner,
  SagaStore,
  Timers,
  type SagaEvent,
} from '@palinode/saga/orchestrator';
import { freshDatabases } from '../bench-database';
import { earlierPurchase, otherPurchase, patientPurchase } from './definition';
import { InstantTransport } from './instant-transport';
import { fillWithSagas, OPEN, type Crowd, type StoredSagas } from './stored-sagas';

const SERVICES: Readonly<Record<string, string>> = { stock: 'stock', payment: 'payment' };

/** A database of so many sagas, and the orchestrator's own code over it. */
export class Populated {
  readonly transport = new InstantTransport();
  readonly store: SagaStore;
  readonly runner: SagaRunner;
  readonly reader: SagaReader;
  readonly due: DueTimers;
  readonly timers: Timers;
  sagas!: StoredSagas;

  private constructor(readonly databaseUrl: string) {
    const log = new Logger('growth');
    const registry = new DefinitionRegistry([patientPurchase, otherPurchase, earlierPurchase]);
    this.store = new SagaStore({ database: databaseUrl }, log);
    this.runner = new SagaRunner(registry, this.store, this.transport, log);
    this.reader = new SagaReader(this.store);
    this.due = new DueTimers(this.store);
    this.timers = new Timers(this.store, this.runner, log);
  }

  static async with(count: number, adminUrl: string, crowd: Crowd = OPEN): Promise<Populated> {
    const prefix = `growth_${crowd.name}_${count}`;
    const { orchestrator: url } = await freshDatabases(adminUrl, prefix, ['orchestrator'] as const);
    const source = await new DataSource({ type: 'postgres', url, migrations: orchestratorMigrations }).initialize();
    await source.runMigrations();
    await source.destroy();
    const populated = new Populated(url);
    try {
      populated.sagas = await fillWithSagas(populated.store, populated.runner, populated.transport, crowd, count);
    } catch (error) {
      await populated.close();
      throw error;
    }
    return populated;
  }

  /** The numbers of so many sagas, all different, that wait for an answer. */
  pick(howMany: number): number[] {
    const picked = new Set<number>();
    while (picked.size < howMany) {
      const n = Math.floor(Math.random() * this.sagas.count);
      if (n % 100 < 90) picked.add(n);
    }
    return [...picked];
  }

  /** The answer for which the saga waits, found without a look into the database, whose caches are to be left alone. */
  answerTo(n: number): { sagaId: string; event: SagaEvent } {
    const sagaId = this.sagas.idOf(n);
    const { id: commandId, sagastep: step } = this.transport.lastCommandOf(sagaId) ?? {
      id: this.sagas.firstCommandOf(n),
      sagastep: 'stock',
    };
    const from = SERVICES[step] ?? 'order';
    const reply = step === 'payment' ? { authorizationId: sagaId } : undefined;
    return { sagaId, event: { kind: 'replied', commandId, step, direction: 'action', from, reply } };
  }

  /** The numbers of so many sagas that stay open after their next answer. */
  fresh(howMany: number): number[] {
    const found = new Set<number>();
    while (found.size < howMany) {
      for (const n of this.pick(1)) {
        if (this.transport.lastCommandOf(this.sagas.idOf(n))?.sagastep !== 'billing') found.add(n);
      }
    }
    return [...found];
  }

  /** What does not add up: every turn that was measured must have been a turn of its saga. */
  async problems(): Promise<string[]> {
    await this.runner.tidy();
    const [idle] = await this.sql<{ count: string }>('SELECT count(*) FROM saga_history WHERE ignored IS NOT NULL');
    const [unsent] = await this.sql<{ count: string }>('SELECT count(*) FROM outbox');
    return [
      ...(idle?.count === '0' ? [] : [`${idle?.count} turns changed nothing`]),
      ...(unsent?.count === '0' ? [] : [`${unsent?.count} commands were left in the outbox`]),
    ];
  }

  /** How many updates of sagas stayed within their page, of all. */
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
    await this.runner.tidy();
    await this.store.close();
  }
}
