import type { Pool, PoolClient } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { ADVISORY_LOCKS, inTransaction, type HookChange, type RecordHookChange } from '../messaging';
import type { FaultRule } from './fault-rule';

/** A rule as it is kept where faults are armed. */
export interface ArmedRule {
  readonly rule: FaultRule;
  readonly enabled: boolean;
  /** In milliseconds since 1970. */
  readonly armedAt: number;
  /** How many messages it struck, as far as this is known here. */
  readonly hits: number;
}

/** A rule, and whether it is enabled. */
type SwitchedRule = Pick<ArmedRule, 'rule' | 'enabled'>;

const COLUMNS = `rule.id, rule.rule, rule.enabled, (extract(epoch FROM rule.armed_at) * 1000)::float8 AS armed_at,
  (SELECT count(*)::int FROM fault_hit hit WHERE hit.rule = rule.id::text AND hit.struck) AS hits`;

interface Row {
  readonly rule: string;
  readonly enabled: boolean;
  readonly armed_at: number;
  readonly hits: number;
}

/** Lets the live stream of the admin API tell of changes, if the orchestrator's tables are in the same place. */
const NOTE_CHANGES = `
  DO $$ BEGIN
    IF to_regproc('note_stream_change') IS NULL
      OR EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'fault_rule'::regclass AND tgname LIKE 'note_%') THEN RETURN; END IF;
    CREATE TRIGGER note_insert AFTER INSERT ON fault_rule
      REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_stream_change('fault', 'id');
    CREATE TRIGGER note_update AFTER UPDATE ON fault_rule
      REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_stream_change('fault', 'id');
    CREATE TRIGGER note_delete AFTER DELETE ON fault_rule
      REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_stream_change('fault', 'id');
  END $$`;

/** The armed rules, in the orchestrator's database, so that they outlive it. */
export class RuleStore {
  constructor(private readonly pool: Pool) {}

  async prepare(): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.faultRules]);
      await client.query(`
        CREATE TABLE IF NOT EXISTS fault_rule (
          id uuid PRIMARY KEY,
          rule text NOT NULL,
          enabled boolean NOT NULL DEFAULT true,
          armed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
          expires_at timestamptz
        )`);
      await client.query(NOTE_CHANGES);
    });
  }

  async add(rule: Omit<FaultRule, 'id'>, record: RecordHookChange = recordNothing): Promise<ArmedRule> {
    const id = uuidV7();
    const kept: FaultRule = { id, ...rule };
    await inTransaction(this.pool, async (client) => {
      await client.query(
        'INSERT INTO fault_rule (id, rule, expires_at) VALUES ($1, $2, to_timestamp($3::float8 / 1000))',
        [id, JSON.stringify(kept), rule.expiresAt ?? null],
      );
      await record(client, changeOf('arm', id, { after: kept }));
    });
    return { rule: kept, enabled: true, armedAt: Date.now(), hits: 0 };
  }

  /** What is armed and not over, the oldest first; what is disabled too where asked for. */
  async list({ disabled = false } = {}): Promise<ArmedRule[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${COLUMNS} FROM fault_rule rule
       WHERE (enabled OR $1) AND (expires_at IS NULL OR expires_at > clock_timestamp()) ORDER BY id`,
      [disabled],
    );
    return rows.map(armedRule);
  }

  async find(id: string): Promise<ArmedRule | undefined> {
    const { rows } = await this.pool.query<Row>(`SELECT ${COLUMNS} FROM fault_rule rule WHERE id = $1`, [id]);
    return rows.map(armedRule)[0];
  }

  /**
   * Stores what `changed` makes of a rule. The rule is locked meanwhile, so no other change is lost, and `record` gets the
   * rule that was replaced. False when there is no such rule.
   */
  async change(
    id: string,
    changed: (rule: SwitchedRule) => SwitchedRule,
    record: RecordHookChange = recordNothing,
  ): Promise<boolean> {
    return inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<Pick<Row, 'rule' | 'enabled'>>(
        'SELECT rule, enabled FROM fault_rule WHERE id = $1 FOR UPDATE',
        [id],
      );
      const [found] = rows;
      if (found === undefined) return false;
      const before: SwitchedRule = { rule: JSON.parse(found.rule) as FaultRule, enabled: found.enabled };
      const after = changed(before);
      await client.query(
        `UPDATE fault_rule SET rule = $2, enabled = $3, expires_at = to_timestamp($4::float8 / 1000) WHERE id = $1`,
        [id, JSON.stringify(after.rule), after.enabled, after.rule.expiresAt ?? null],
      );
      const change = {
        before: { ...before.rule, enabled: before.enabled },
        after: { ...after.rule, enabled: after.enabled },
      };
      await record(client, changeOf('change', id, change));
      return true;
    });
  }

  /** False when there is no such rule. */
  async remove(id: string, record: RecordHookChange = recordNothing): Promise<boolean> {
    return inTransaction(this.pool, async (client) => {
      const removed = await client.query<Removed>('DELETE FROM fault_rule WHERE id = $1 RETURNING id, rule', [id]);
      await recordRemoved(client, removed.rows, record);
      return removed.rowCount === 1;
    });
  }

  async reset(record: RecordHookChange = recordNothing): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<Removed>('DELETE FROM fault_rule RETURNING id, rule');
      await client.query('DELETE FROM fault_hit');
      await recordRemoved(client, rows, record);
    });
  }
}

type Removed = Pick<Row, 'rule'> & { readonly id: string };

/** Without the admin API there is no operator log. */
async function recordNothing(): Promise<void> {
  // Nothing is recorded.
}

async function recordRemoved(client: PoolClient, removed: readonly Removed[], record: RecordHookChange): Promise<void> {
  for (const { id, rule } of removed)
    await record(client, changeOf('disarm', id, { before: JSON.parse(rule) as FaultRule }));
}

type Standing = Partial<FaultRule> & { readonly enabled?: boolean };

function changeOf(
  action: string,
  targetId: string,
  { before, after }: { readonly before?: Standing; readonly after?: Standing },
): HookChange {
  return { action, target: 'fault', targetId, details: { before: standing(before), after: standing(after) } };
}

function standing(rule: Standing | undefined): object | undefined {
  if (rule === undefined) return undefined;
  const { id: _id, ...fault } = rule;
  return { fault };
}

function armedRule({ rule, enabled, armed_at: armedAt, hits }: Row): ArmedRule {
  return { rule: JSON.parse(rule) as FaultRule, enabled, armedAt, hits };
}
