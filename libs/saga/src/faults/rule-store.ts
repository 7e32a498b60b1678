import type { Pool } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { ADVISORY_LOCKS, inTransaction } from '../messaging';
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

  async add(rule: Omit<FaultRule, 'id'>): Promise<ArmedRule> {
    const id = uuidV7();
    const kept: FaultRule = { id, ...rule };
    await this.pool.query(
      'INSERT INTO fault_rule (id, rule, expires_at) VALUES ($1, $2, to_timestamp($3::float8 / 1000))',
      [id, JSON.stringify(kept), rule.expiresAt ?? null],
    );
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

  async change({ id, ...rule }: FaultRule, enabled: boolean): Promise<void> {
    await this.pool.query(
      `UPDATE fault_rule SET rule = $2, enabled = $3, expires_at = to_timestamp($4::float8 / 1000) WHERE id = $1`,
      [id, JSON.stringify({ id, ...rule }), enabled, rule.expiresAt ?? null],
    );
  }

  /** False when there is no such rule. */
  async remove(id: string): Promise<boolean> {
    const { rowCount } = await this.pool.query('DELETE FROM fault_rule WHERE id = $1', [id]);
    return rowCount === 1;
  }

  async reset(): Promise<void> {
    await this.pool.query('WITH rules AS (DELETE FROM fault_rule) DELETE FROM fault_hit');
  }
}

function armedRule({ rule, enabled, armed_at: armedAt, hits }: Row): ArmedRule {
  return { rule: JSON.parse(rule) as FaultRule, enabled, armedAt, hits };
}
