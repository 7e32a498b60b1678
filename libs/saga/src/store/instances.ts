import { hostname } from 'node:os';
import { v7 as uuidV7 } from 'uuid';
import type { DefinitionRegistry, SagaDefinition } from '../definition';
import { RecurringTask, type Log } from '../messaging';
import type { SagaStore } from './saga-store';

/** An instance that has not been seen for this time does not run. */
const RUNNING = '20 seconds';
const FORGOTTEN = '1 day';

type Version = Pick<SagaDefinition, 'name' | 'version'>;

/** Registers this orchestrator among the running ones with its definitions, and finds those that have one. */
export class Instances {
  private readonly id = uuidV7();
  private readonly task: RecurringTask;

  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly store: SagaStore,
    { log, everyMs = 5_000 }: { readonly log: Log; /** @default 5000 */ readonly everyMs?: number },
  ) {
    this.task = new RecurringTask({
      name: 'register this instance',
      everyMs,
      work: async () => {
        await this.register();
        return false;
      },
      log,
    });
  }

  start(): void {
    this.task.start();
  }

  /** Resolves when this instance no longer counts as running, if the database answers. */
  async stop(): Promise<void> {
    await this.task.stop();
    const { pool, tables } = this.store;
    await pool.query(`DELETE FROM ${tables.orchestrator_instance} WHERE id = $1`, [this.id]).catch(() => undefined);
  }

  /** The names of the running instances that have this definition with this version; with version 0, with any. */
  async having({ name, version }: Version): Promise<readonly string[]> {
    const { pool, tables } = this.store;
    const { rows } = await pool.query<{ id: string; host: string; definitions: readonly string[] }>(
      `SELECT id, host, definitions FROM ${tables.orchestrator_instance}
       WHERE seen_at > clock_timestamp() - interval '${RUNNING}' ORDER BY id`,
    );
    const has = (each: string): boolean =>
      version === 0 ? each.startsWith(`${name}@`) : each === keyOf({ name, version });
    return rows.filter(({ definitions }) => definitions.some(has)).map(({ id, host }) => `${host} (${id})`);
  }

  private async register(): Promise<void> {
    const { pool, tables } = this.store;
    await pool.query(
      `WITH forgotten AS (
         DELETE FROM ${tables.orchestrator_instance} WHERE seen_at < clock_timestamp() - interval '${FORGOTTEN}'
       )
       INSERT INTO ${tables.orchestrator_instance} (id, host, definitions) VALUES ($1, $2, $3)
       ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp()`,
      [this.id, hostname(), this.registry.all().map(keyOf)],
    );
  }
}

function keyOf({ name, version }: Version): string {
  return `${name}@${version}`;
}
