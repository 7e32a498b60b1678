import type { PoolClient } from 'pg';
import type { DefinitionRegistry } from '../definition';
import { incidentRow } from '../incidents';
import { inTransaction, RecurringTask, type Log } from '../messaging';
import { incidentRowColumns, type SagaStore } from './saga-store';
import { parseState } from './stored-state';

const BATCH = 500;

/** Saves that change an incident wait behind this lock, so the repair gives up soon, and tries again the next time. */
const LOCKED_WITHIN_MS = 100;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Adds PAUSED sagas that have no row in saga_incident, and removes rows of sagas that are PAUSED no more. Instances of a
 * release before incidents leave such sagas behind: at an update, and while it is under way.
 *
 * A saga may change between the repair's read and its write. A save at that time would not see the row that it must
 * delete, because a statement sees what was committed when it began. The repair therefore locks the table against writes:
 * its statements begin when no save that changes an incident is under way, and such saves begin after its commit.
 */
export class IncidentRepair {
  private readonly task: RecurringTask;

  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly store: SagaStore,
    { log, everyMs = 300_000 }: { readonly log: Log; /** @default 300000 */ readonly everyMs?: number },
  ) {
    const work = (): Promise<boolean> => this.repair();
    this.task = new RecurringTask({ name: 'repair the incidents of sagas', everyMs, work, log });
  }

  start(): void {
    this.task.start();
  }

  async stop(): Promise<void> {
    await this.task.stop();
  }

  /** Repairs a batch; resolves with whether there may be more. */
  async repair(): Promise<boolean> {
    const { pool, statements } = this.store;
    const { rows } = await pool.query<{ needed: boolean }>(statements.findIncidentsToRepair);
    if (rows[0]?.needed !== true) return false;
    try {
      return await inTransaction(pool, (client) => this.repairBatch(client));
    } catch (error) {
      if ((error as { code?: unknown }).code === LOCK_NOT_AVAILABLE) return false;
      throw error;
    }
  }

  private async repairBatch(client: PoolClient): Promise<boolean> {
    const { statements, tables } = this.store;
    await client.query(`SELECT set_config('lock_timeout', '${LOCKED_WITHIN_MS}', true)`);
    await client.query(`LOCK TABLE ${tables.saga_incident} IN SHARE ROW EXCLUSIVE MODE`);
    await client.query(statements.removeWrongIncidents);
    const { rows } = await client.query<{ state: string }>(statements.findWithoutIncident, [BATCH]);
    const missing = rows.flatMap(({ state }) => incidentRow(this.registry, parseState(state)) ?? []);
    if (missing.length > 0) await client.query(statements.addMissingIncidents, incidentRowColumns(missing));
    return rows.length === BATCH;
  }
}
