import { Controller } from '@nestjs/common';
import { HoldChanged, holdEnded, holdPlaced } from '@palinode/saga/contract';
import { HandleEvent } from '@palinode/saga/subscriber';
import type { EntityManager } from 'typeorm';

/** $1 hold, $2 service, $3 command, $4 definition, $5 since. */
const PLACED = `
  INSERT INTO outage (hold_id, service, command, definition, since) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`;
const ENDED = `
  INSERT INTO outage (hold_id, service, command, definition, since, ended_at) VALUES ($1, $2, $3, $4, $5, now())
  ON CONFLICT (hold_id) DO UPDATE SET ended_at = coalesce(outage.ended_at, excluded.ended_at)`;
/** Longer than an event may be delayed. */
const DELETE_OLD = `DELETE FROM outage WHERE ended_at < now() - interval '30 days'`;

/** Stores the orchestrator's hold events. An end also counts when it arrives before its beginning. */
@Controller()
export class OutageEvents {
  @HandleEvent(holdPlaced)
  async placed(hold: HoldChanged, tx: EntityManager): Promise<void> {
    await tx.query(PLACED, columns(hold));
  }

  @HandleEvent(holdEnded)
  async ended(hold: HoldChanged, tx: EntityManager): Promise<void> {
    await tx.query(ENDED, columns(hold));
    await tx.query(DELETE_OLD);
  }
}

function columns({ holdId, service, command, definition, since }: HoldChanged): unknown[] {
  return [holdId, service ?? null, command ?? null, definition ?? null, since];
}
