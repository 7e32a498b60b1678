/*
 * Prevents two orchestrators with different databases from running under one name, where each would take half of the
 * other's messages. The database has an identity, created at its first start and stored with the name. On the cluster
 * the orchestrator creates an empty topic that is named after both. An orchestrator that finds the topic of another
 * database under its name does not start:
 *
 * 1. It checks before it claims, so that a rejected orchestrator leaves nothing behind.
 * 2. It checks again after it has claimed, so that two that start at the same moment do not both run.
 * 3. A claim lasts until an operator deletes its topic, or configures the orchestrator to take over from that database.
 */
import { v4 as uuidV4 } from 'uuid';
import { ConfigurationError, type Topics } from '../contract';
import { untilDatabaseAnswers, type Log, type Sql, type Tables, type Transport } from '../messaging';

interface Identity {
  readonly database: string;
  /** Of the orchestrator whose database it is. */
  readonly name: string;
}

export interface NameClaimOptions {
  /** The orchestrator's own, and those of names that it had before. */
  readonly heard: readonly [Topics, ...Topics[]];
  readonly log: Log;
  readonly tables: Tables;
  /** The identity of a database that ran this orchestrator before, and never will again. */
  readonly takeOverFrom?: string | undefined;
}

export class NameClaim {
  constructor(
    private readonly sql: Sql,
    private readonly transport: Transport,
    private readonly options: NameClaimOptions,
  ) {}

  private get table(): string {
    return this.options.tables.orchestrator;
  }

  /**
   * Claims the names for this database.
   *
   * @throws ConfigurationError when one of the names, or the database, belongs to another orchestrator
   */
  async make(signal?: AbortSignal): Promise<void> {
    const { database, name } = await untilDatabaseAnswers(
      'learn whose it is',
      () => this.identity(),
      this.options.log,
      signal,
    );
    const names = this.options.heard.map(({ orchestrator }) => orchestrator);
    if (!names.includes(name))
      throw new ConfigurationError(
        `The database is that of the orchestrator ${name}, and this one is named ${names[0]}; give it its own database or, when it is renamed, the former name.`,
      );
    await this.mustBeFree(database);
    await this.transport.ensureTopics(this.options.heard.map((topics) => topics.claimOf(database)));
    await this.mustBeFree(database);
    const rename = { text: `UPDATE ${this.table} SET name = $1 WHERE name <> $1`, values: [names[0]] };
    await untilDatabaseAnswers('keep its name', () => this.sql.query(rename), this.options.log, signal);
  }

  private async mustBeFree(database: string): Promise<void> {
    const existing = await this.transport.listTopics();
    for (const topics of this.options.heard) {
      const { orchestrator } = topics;
      const claims = existing.flatMap((topic) => topics.claimedBy(topic) ?? []);
      const other = claims.find((claim) => claim !== database && claim !== this.options.takeOverFrom);
      if (other === undefined) continue;
      throw new ConfigurationError(
        `Another database, ${other}, runs the orchestrator ${orchestrator} on this cluster; this one is ${database}. ` +
          `Give this one another name or topic prefix. If that database is gone for good, take over from it (takeOverFrom), or delete the topic ${topics.claimOf(other)}.`,
      );
    }
  }

  /** The identity of this database, created at its first start. */
  private async identity(): Promise<Identity> {
    await this.sql.query({
      text: `INSERT INTO ${this.table} (database_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
      values: [uuidV4(), this.options.heard[0].orchestrator],
    });
    const { rows } = await this.sql.query({ text: `SELECT database_id AS database, name FROM ${this.table}` });
    return rows[0] as Identity;
  }
}
