/*
 * Runs the handlers of events in transactions. Invariants:
 *
 * 1. An event's inbox row is inserted in the transaction of its handler, before it runs.
 * 2. Events of one key run in their order; one that was given up is followed by the next.
 * 3. A handler that throws leaves no effect, nor do the other events in its batch: each runs again in its own
 *    transaction.
 * 4. No event is given up because the database is away, read-only, full or out of connections.
 */
import type { DataSource, EntityManager } from 'typeorm';
import { backoff, isDatabaseOutage, messageFields, poolOf, printable, type Log } from '../messaging';
import { callHandler, contextOf, openContext } from '../handlers';
import type { EventDelivery } from './event-delivery';
import type { EventInbox } from './event-inbox';

/** An event whose attempts are used up. */
export interface GivenUp {
  readonly delivery: EventDelivery;
  readonly error: unknown;
}

export interface EventRunnerOptions {
  readonly transaction: 'per-event' | 'per-batch';
  readonly attempts: number;
}

export class EventRunner {
  private readonly stopping = new AbortController();

  constructor(
    private readonly dataSource: DataSource,
    private readonly inbox: EventInbox,
    private readonly options: EventRunnerOptions,
    private readonly log: Log,
  ) {}

  /** Handles the events; resolves with those it gave up. Rejects when the database is away, or it is stopped. */
  async run(deliveries: readonly EventDelivery[]): Promise<GivenUp[]> {
    if (deliveries.length === 0) return [];
    if (this.options.transaction === 'per-batch' && (await this.together(deliveries))) return [];
    return this.singly(deliveries);
  }

  /** Ends the wait for next attempts; unhandled events are redelivered. */
  stop(): void {
    this.stopping.abort();
  }

  /** All in one transaction, one after the other. False when any of them threw. */
  private async together(deliveries: readonly EventDelivery[]): Promise<boolean> {
    try {
      await this.inTransaction(deliveries);
      return true;
    } catch (error) {
      await this.unlessDatabaseIsAway(error);
      return false;
    }
  }

  /** Each in a transaction of its own: in order within a key, concurrently otherwise. */
  private async singly(deliveries: readonly EventDelivery[]): Promise<GivenUp[]> {
    const keys = [...byKey(deliveries).values()];
    const givenUp: GivenUp[] = [];
    const rest = keys.values();
    const worker = async (): Promise<void> => {
      for (const key of rest) for (const delivery of key) givenUp.push(...(await this.attempt(delivery)));
    };
    // Half of the pool, so that a handler that needs a second connection, or an HTTP request, gets one.
    const atOnce = Math.max(1, Math.floor((poolOf(this.dataSource).options.max ?? 10) / 2));
    const workers = Array.from({ length: Math.min(atOnce, keys.length) }, worker);
    const ended = await Promise.allSettled(workers);
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
    return givenUp;
  }

  private async attempt(delivery: EventDelivery): Promise<GivenUp[]> {
    for (let failures = 0; ; failures += 1) {
      try {
        await this.inTransaction([delivery]);
        return [];
      } catch (error) {
        await this.unlessDatabaseIsAway(error);
        if (failures + 1 >= this.options.attempts) return [{ delivery, error }];
        this.log.warn(printable(`${delivery.event.type} ${delivery.event.id} failed, trying again: ${String(error)}`), {
          event: 'event-failed',
          ...messageFields(delivery.event),
          attempt: failures + 1,
          err: error,
        });
        await backoff(failures, this.stopping.signal);
        if (this.stopping.signal.aborted) throw error;
      }
    }
  }

  private async inTransaction(deliveries: readonly EventDelivery[]): Promise<void> {
    const committed: (() => void)[] = [];
    await this.dataSource.transaction(async (tx) => {
      for (const delivery of await this.inbox.claim(tx, deliveries))
        committed.push(...(await handle(delivery, tx, this.inbox.subscriber)));
      // When a handler has swallowed an error, COMMIT answers ROLLBACK without an error; this statement fails then.
      await tx.query('SELECT 1');
    });
    for (const callback of committed) callback();
  }

  /** Rejects with the error when the database reported an outage, or cannot be reached or written to. */
  private async unlessDatabaseIsAway(cause: unknown): Promise<void> {
    if (isDatabaseOutage(cause)) throw cause;
    try {
      await this.inbox.assertWritable();
    } catch {
      throw cause;
    }
  }
}

async function handle(
  { event, handler }: EventDelivery,
  tx: EntityManager,
  subscriber: string,
): Promise<readonly (() => void)[]> {
  openContext(tx, event, subscriber);
  await callHandler(handler.handle, event.data, tx);
  return contextOf(tx)?.afterCommit ?? [];
}

function byKey(deliveries: readonly EventDelivery[]): Map<string, EventDelivery[]> {
  const keys = new Map<string, EventDelivery[]>();
  for (const delivery of deliveries) {
    const key = `${delivery.message.topic} ${delivery.event.subject}`;
    const same = keys.get(key);
    if (same) same.push(delivery);
    else keys.set(key, [delivery]);
  }
  return keys;
}
