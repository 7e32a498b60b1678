import type { DefinitionRegistry } from '../definition';
import { incidentRow } from '../incidents';
import { RecurringTask, type Log } from '../messaging';
import { incidentRowColumns, type SagaStore } from './saga-store';
import { parseState } from './stored-state';

const BATCH = 500;

/**
 * Adds PAUSED sagas that have no row in saga_incident, and removes rows of sagas that are PAUSED no more. Instances of a
 * release before incidents leave such sagas behind: at an update, and while it is under way.
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
    await pool.query(statements.removeWrongIncidents);
    const { rows } = await pool.query<{ state: string }>(statements.findWithoutIncident, [BATCH]);
    const missing = rows.flatMap(({ state }) => incidentRow(this.registry, parseState(state)) ?? []);
    if (missing.length > 0) await pool.query(statements.addMissingIncidents, incidentRowColumns(missing));
    return rows.length === BATCH;
  }
}
