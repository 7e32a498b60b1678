import type { Pool, PoolClient } from 'pg';
import type { EventContract, HoldChanged, Topics } from '../contract';
import { eventColumns, EventOutbox, eventRow, inTransaction } from '../messaging';
import type { Hold } from './hold';

/** Writes the events about holds to the outbox of events, in the transaction that changes the holds. */
export class HoldEventWriter {
  /** @param notify is called after a commit, when there is something to publish */
  constructor(
    private readonly topics: Topics,
    private readonly notify: () => void,
    private readonly outbox = new EventOutbox(),
  ) {}

  /** Changes holds and writes this event for each one that the change returns. */
  async of(
    event: EventContract<HoldChanged>,
    pool: Pool,
    change: (client: PoolClient) => Promise<readonly Hold[]>,
  ): Promise<readonly Hold[]> {
    const holds = await inTransaction(pool, async (client) => {
      const changed = await change(client);
      const rows = changed.map((hold) => eventRow(event, toHoldChanged(hold), this.topics));
      if (rows.length > 0) await client.query(this.outbox.insertion, eventColumns(rows));
      return changed;
    });
    if (holds.length > 0) this.notify();
    return holds;
  }
}

function toHoldChanged({ id: holdId, where, cause, reason, at }: Hold): HoldChanged {
  return { holdId, ...where, cause, reason, since: new Date(at).toISOString() };
}
