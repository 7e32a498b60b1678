import { millis, type Sql, type Tables } from '../messaging';

/** After this time without a report an instance is no longer shown, and after ten times as long it is forgotten. */
const SEEN_WITHIN_S = 60;

/** A definition that an instance has. */
export interface InstanceDefinition {
  readonly definition: string;
  readonly version: number;
  /** A digest of its fingerprint. */
  readonly fingerprint: string;
}

/** An instance of the orchestrator. */
export interface Instance {
  readonly id: string;
  /** Its host and process. */
  readonly name: string;
  readonly build: string | null;
  readonly definitions: readonly InstanceDefinition[];
  readonly startedAt: number;
  readonly seenAt: number;
}

/** The running instances of this orchestrator. */
export class Instances {
  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {}

  /** Says that this instance runs, and forgets those that have not said so for long. */
  async report({ id, name, build, definitions }: Omit<Instance, 'startedAt' | 'seenAt'>): Promise<void> {
    const { orchestrator_instance: table } = this.tables;
    await this.sql.query({
      text: `
        WITH gone AS (
          DELETE FROM ${table} WHERE seen_at < statement_timestamp() - ${10 * SEEN_WITHIN_S} * interval '1 s' AND id <> $1
        )
        INSERT INTO ${table} (id, name, build, definitions, started_at, seen_at)
        VALUES ($1, $2, $3, $4, statement_timestamp(), statement_timestamp())
        ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`,
      values: [id, name, build, JSON.stringify(definitions)],
    });
  }

  /** This instance has ended. */
  async remove(id: string): Promise<void> {
    await this.sql.query({ text: `DELETE FROM ${this.tables.orchestrator_instance} WHERE id = $1`, values: [id] });
  }

  /** The names of the running instances that have this version of a definition; with version 0, any version. */
  async having({ name, version }: { readonly name: string; readonly version: number }): Promise<string[]> {
    const has = (each: InstanceDefinition): boolean =>
      each.definition === name && (version === 0 || each.version === version);
    return (await this.running()).flatMap((each) => (each.definitions.some(has) ? [each.name] : []));
  }

  /** Those that have reported in the last minute, by name. */
  async running(): Promise<Instance[]> {
    const { rows } = await this.sql.query({
      name: 'palinode-instances',
      text: `
        SELECT id, name, build, definitions, ${millis('started_at')} AS "startedAt", ${millis('seen_at')} AS "seenAt"
        FROM ${this.tables.orchestrator_instance}
        WHERE seen_at > statement_timestamp() - ${SEEN_WITHIN_S} * interval '1 s' ORDER BY name, id`,
    });
    return rows as Instance[];
  }
}
