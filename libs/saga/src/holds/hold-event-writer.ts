import type { Pool, PoolClient } from 'pg';
import type { EventContract, HoldChanged, Topics } from '../contract';
import { eventColumns, eventRow, INSERT_EVENTS, inTransaction } from '../messaging';
import type { Hold } from './hold';

/** Writes what becomes of holds to the outbox of events, in the transaction that changes them. */
export class HoldEventWriter {
  /** @param notify is called after a commit: there is something to publish */
  constructor(
    private readonly topics: Topics,
    private readonly notify: () => void,
  ) {}

  /** Changes holds; each of those that the change returns is made known by this event. */
  async of(
    event: EventContract<HoldChanged>,
    pool: Pool,
    change: (client: PoolClient) => Promise<readonly Hold[]>,
  ): Promise<readonly Hold[]> {
    const holds = await inTransaction(pool, async (client) => {
      const changed = await change(client);
      const rows = changed.map((hold) => eventRow(event, toHoldChanged(hold), this.topics));
      if (rows.length > 0) await client.query(INSERT_EVENTS, eventColumns(rows));
      return changed;
    });
    if (holds.length > 0) this.notify();
    return holds;
  }
}

function toHoldChanged({ id: holdId, where, cause, reason, at }: Hold): HoldChanged {
  return { holdId, ...where, cause, reason, since: new Date(at).toISOString() };
}
