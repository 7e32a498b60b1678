import { NIL } from 'uuid';
import type { DefinitionRegistry } from '../definition';
import type { SagaState, SagaStatus } from '../engine';
import { intArray, RecurringTask, uuidArray, type Log } from '../messaging';
import { searchValues, type SagaStore } from './saga-store';
import { searchColumnsOf } from './search-columns';
import { parseState } from './stored-state';

const BATCH = 500;
const OPEN: readonly SagaStatus[] = ['PAUSED', 'RUNNING', 'COMPENSATING'];

/** A saga that was examined; `state` is set when it lacks what lists are filtered by. */
interface Examined {
  readonly id: string;
  readonly started: string;
  readonly state: string | null;
  readonly revision: number;
}

/** How far the open sagas of a status were examined. */
interface Progress {
  readonly status: SagaStatus;
  readonly started: string;
  readonly id: string;
}

/**
 * Adds what lists are filtered by to sagas of releases before: at the start, and hourly for those that instances of such
 * a release begin during an update. A saga that advances gets it anyway.
 */
export class SearchRepair {
  private readonly task: RecurringTask;
  private left: readonly Progress[] = [];

  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly store: SagaStore,
    { log, everyMs = 3_600_000 }: { readonly log: Log; /** @default 3600000 */ readonly everyMs?: number },
  ) {
    const work = (): Promise<boolean> => this.repair();
    this.task = new RecurringTask({ name: 'make earlier sagas searchable', everyMs, work, log });
  }

  start(): void {
    this.task.start();
  }

  async stop(): Promise<void> {
    await this.task.stop();
  }

  /** Repairs a batch; resolves with whether there are more to examine. */
  async repair(): Promise<boolean> {
    if (await this.repairCompensated()) return true;
    if (this.left.length === 0) this.left = OPEN.map((status) => ({ status, started: '-infinity', id: NIL }));
    const [first, ...others] = this.left;
    const rest = first && (await this.repairOpen(first));
    this.left = rest ? [rest, ...others] : others;
    return this.left.length > 0;
  }

  private async repairCompensated(): Promise<boolean> {
    const { pool, tables } = this.store;
    const { rows } = await pool.query<Examined>(
      `SELECT id, state, revision FROM ${tables.saga} WHERE status = 'COMPENSATED' AND cause IS NULL LIMIT $1`,
      [BATCH],
    );
    await this.complete(rows);
    return rows.length === BATCH;
  }

  /** Returns where to go on; undefined when all sagas of the status were examined. */
  private async repairOpen({ status, started, id }: Progress): Promise<Progress | undefined> {
    const { pool, tables } = this.store;
    const { rows } = await pool.query<Examined>(
      `SELECT id, started_at::text AS started, revision, CASE WHEN steps IS NULL THEN state END AS state
       FROM ${tables.saga} WHERE status = $1 AND (started_at, id) > ($2::timestamptz, $3::uuid)
       ORDER BY started_at, id LIMIT $4`,
      [status, started, id, BATCH],
    );
    await this.complete(rows);
    const last = rows.at(-1);
    return last === undefined || rows.length < BATCH ? undefined : { status, started: last.started, id: last.id };
  }

  private async complete(examined: readonly Examined[]): Promise<void> {
    const lacking = examined.flatMap(({ state: text, revision }) => {
      if (text === null) return [];
      const state: SagaState = parseState(text);
      const definition = this.registry.find(state.definition, state.version);
      return [{ id: state.id, revision, search: searchColumnsOf(definition, state) }];
    });
    if (lacking.length === 0) return;
    // The saga may have advanced meanwhile; then it is complete.
    await this.store.pool.query(
      `UPDATE ${this.store.tables.saga} AS saga
       SET steps = c.steps, services = c.services, cause = c.cause,
           cause_step = c.cause_step, cause_service = c.cause_service
       FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
         AS c (id, revision, steps, services, cause, cause_step, cause_service)
       WHERE saga.id = c.id AND saga.revision = c.revision`,
      [
        uuidArray(lacking.map(({ id }) => id)),
        intArray(lacking.map(({ revision }) => revision)),
        ...searchValues(lacking),
      ],
    );
  }
}
