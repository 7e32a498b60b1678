import type { Pool } from 'pg';
import type { Log } from './logger';
import { deleteOutbox, lockUnsent, toMessage } from './outbox';
import { patience, pause } from './patience';
import { inTransaction } from './transaction';
import type { Transport } from './transport';

const OLDER_THAN_MS = 2_000;
const BATCH = 500;

/**
 * Sends what was committed but not published, because the process that wrote it died or lost the broker: rows older than
 * two seconds, with SKIP LOCKED, so that every instance may sweep and none waits for another.
 */
export class Sweeper {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly transport: Transport,
    private readonly log: Log,
    private readonly everyMs = 1_000,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let failures = 0;
    while (!signal.aborted) {
      try {
        const swept = await this.sweep();
        failures = 0;
        if (swept < BATCH) await pause(this.everyMs, signal);
      } catch (error) {
        if (!signal.aborted) this.log.warn(`the outbox cannot be swept, trying again: ${String(error)}`);
        await patience((failures += 1), signal);
      }
    }
  }

  private async sweep(): Promise<number> {
    return inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<{ now: number }>(
        'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now',
      );
      const unsent = await lockUnsent(client, (rows[0]?.now ?? 0) - OLDER_THAN_MS, BATCH);
      if (unsent.length === 0) return 0;
      this.log.warn(`sweeping ${unsent.length} messages that were committed but not sent`);
      await this.transport.publish(unsent.map(toMessage));
      await deleteOutbox(
        client,
        unsent.map(({ id }) => id),
      );
      return unsent.length;
    });
  }
}
