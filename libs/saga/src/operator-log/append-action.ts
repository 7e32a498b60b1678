import type { PoolClient } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import type { Tables } from '../messaging';

/** What operators act on. */
export const TARGETS = ['saga', 'hold', 'dead-letter', 'bulk-action', 'fault'] as const;
export type Target = (typeof TARGETS)[number];

/** Where an action comes from. */
export interface Origin {
  /** As the service's own log names the request. */
  readonly requestId?: string | undefined;
  /** Absent where the admin API is open to everybody. */
  readonly role?: string | undefined;
  /** The id of the key that was shown. */
  readonly key?: string | undefined;
}

/** Who acts, and by which request. */
export interface Actor extends Origin {
  readonly by: string;
}

/** Only where an action comes from. */
export function originOf({ requestId, role, key }: Origin): Origin {
  return { requestId, role, key };
}

/** An entry of the operator log. */
export interface NewAction {
  readonly actor: Actor;
  readonly action: string;
  readonly target: string;
  readonly targetId: string;
  /** The saga that it concerns. */
  readonly sagaId?: string | undefined;
  /** Its number in the saga's history. */
  readonly seq?: number | undefined;
  /** The bulk action of which it is part. */
  readonly bulkActionId?: string | undefined;
  /** In milliseconds since 1970. @default the database's time */
  readonly at?: number | undefined;
  /** What was asked, and what became of it: `reason`, `before`, `after` and others. */
  readonly details: Readonly<Record<string, unknown>>;
}

const COMMITTED_WITHIN_MS = 5_000;

/**
 * Appends an entry to the operator log, in the transaction in which the action takes effect, as its last statement: until
 * the commit no other entry can be appended.
 */
export async function appendAction(
  client: Pick<PoolClient, 'query'>,
  { operator_action }: Tables,
  action: NewAction,
): Promise<void> {
  const { actor, target, targetId, sagaId, seq, bulkActionId, at, details } = action;
  const event = { kind: action.action, by: actor.by, ...originOf(actor), ...details };
  // The entry takes a lock that every other entry waits for, so a process that stands still must not keep it.
  await client.query(`SELECT set_config('idle_in_transaction_session_timeout', '${COMMITTED_WITHIN_MS}', true)`);
  await client.query(
    `INSERT INTO ${operator_action} (id, at, operator, action, target, target_id, saga_id, seq, hold_id, bulk_action_id, event)
     VALUES ($1, coalesce(to_timestamp($2::float8 / 1000), clock_timestamp()), $3, $4, $5, $6::uuid, $7, $8,
             CASE WHEN $5 = 'hold' THEN $6::uuid END, $9, $10)`,
    [
      uuidV7(),
      at ?? null,
      actor.by,
      action.action,
      target,
      targetId,
      sagaId ?? null,
      seq ?? null,
      bulkActionId ?? null,
      JSON.stringify(event),
    ],
  );
}
