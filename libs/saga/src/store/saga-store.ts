/*
 * The engine's tables, in SQL written for batches: one statement reads the sagas of a batch, one saves the decisions.
 * Saving is compare-and-set on the revision. What depends on a saga (history, timer, outbox) is written in the same
 * statement, only for the sagas that were saved, so that one commit covers everything.
 */
import { Pool, type PoolClient, type QueryConfig } from 'pg';
import type { DataSource } from 'typeorm';
import type { SearchAttribute, Topics } from '../contract';
import type { HistoryEntry, SagaState } from '../engine';
import {
  checkDatabase,
  connectionConfig,
  differingSettings,
  eventColumns,
  float8Array,
  intArray,
  inTransaction,
  surviveBrokenConnections,
  TABLES,
  textArray,
  untilDatabaseAnswers,
  uuidArray,
  type ConnectionSettings,
  type Log,
  type Tables,
} from '../messaging';
import { CommitTimes } from './commit-times';
import { ORCHESTRATOR_TABLES } from './migrations';
import { lifecycleRows } from './lifecycle';
import { NO_CHANGES, type HeldStepChanges } from '../holds';
import type { IncidentChange, IncidentRow } from '../incidents';
import type { SagaDelta } from '../statistics';
import { sagaStatements, type SagaStatements } from './saga-statements';
import type { SearchColumns } from './search-columns';
import { SEPARATOR, storedAttributes, type StoredAttribute } from './stored-attributes';
import { parseState, stringifySagaEvent, stringifyState } from './stored-state';

/** A saga as stored. */
export interface StoredSaga {
  readonly state: SagaState;
  /** The sequence number of its last history entry. */
  readonly revision: number;
  /** When its timer fires; undefined when it has none. */
  readonly armedAt: number | undefined;
}

/** The new state of one saga, and what is saved with it. */
export interface SagaUpdate {
  readonly state: SagaState;
  /** The state that was read; undefined for a saga that begins. */
  readonly before: StoredSaga | undefined;
  /** Every status that it went through, the last one included. */
  readonly states: readonly SagaState[];
  readonly revision: number;
  readonly armedAt: number | undefined;
  readonly history: readonly HistoryEntry[];
  readonly outbox: readonly OutgoingCommand[];
  /** Steps that wait for a hold from now on, and steps that no longer do. */
  readonly held: HeldStepChanges;
  /** Set when it joins an incident, or leaves one. */
  readonly incident?: IncidentChange | undefined;
  /** What it adds to the statistics. */
  readonly delta?: SagaDelta | undefined;
  /** By what it is found in lists. */
  readonly search: SearchColumns;
  /** Set when it has begun with its definition. */
  readonly attributes?: readonly SearchAttribute[] | undefined;
  /** Why its attributes cannot be stored. */
  readonly attributesProblem?: string | undefined;
}

/** The attributes as they are stored, of the updates that have any. */
type AttributesOf = ReadonlyMap<SagaUpdate, readonly StoredAttribute[]>;

export interface OutgoingCommand {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly payload: string;
}

/**
 * Without these settings the planner turns the batch update into a hash join over a scan of the whole table, and keeps
 * that plan while the table grows. With them it uses the primary key.
 */
export const PLANNER = { enable_seqscan: 'off', enable_hashjoin: 'off', enable_mergejoin: 'off' };

export interface SagaStoreOptions {
  /** The URL of its database, or a DataSource whose settings its own connections use. */
  readonly database: string | DataSource;
  /** The maximum number of connections. @default 4 */
  readonly max?: number;
  readonly connection?: ConnectionSettings | undefined;
  /** @default those without a schema and a prefix */
  readonly tables?: Tables;
}

export class SagaStore {
  readonly pool: Pool;
  readonly tables: Tables;
  readonly statements: SagaStatements;
  private foundSearchKey: Buffer | undefined;
  readonly commitTimes = new CommitTimes();
  private lifecycle: { readonly topics: Topics; readonly notify: () => void } | undefined;

  constructor(
    { database, max = 4, connection, tables = TABLES }: SagaStoreOptions,
    private readonly log: Log,
  ) {
    this.tables = tables;
    this.statements = sagaStatements(tables);
    this.pool = new Pool({ ...connectionConfig(database, connection, PLANNER), max });
    surviveBrokenConnections(this.pool);
    // Without a listener, an idle connection that breaks would end the process.
    this.pool.on('error', (error) => log.warn(`an idle database connection broke: ${error.message}`));
  }

  /**
   * Checks the database before any saga runs; waits while it is away.
   *
   * @throws ConfigurationError when the database refuses the connection, or lacks tables or rights
   */
  async check(signal?: AbortSignal): Promise<void> {
    await checkDatabase(this.pool, ORCHESTRATOR_TABLES, this.log, { tables: this.tables, signal });
    const differing = await untilDatabaseAnswers(
      'check the planner settings',
      () => differingSettings(this.pool, PLANNER),
      this.log,
      signal,
    );
    if (differing.length === 0) return;
    const remedies = differing.map(([name, value]) => `ALTER ROLE CURRENT_USER SET ${name} = ${value};`);
    this.log.warn(
      'Saving sagas becomes slow when there are many: the planner settings are missing, and they cannot be set in a ' +
        `session behind a pooler. Run as the role of the orchestrator: ${remedies.join(' ')}`,
    );
  }

  /** From now on lifecycle events of sagas are saved in the same commit; `notify` is called after it. */
  publishLifecycleEvents(topics: Topics, notify: () => void): void {
    this.lifecycle = { topics, notify };
  }

  /**
   * Remembers permanently that this orchestrator has, or had, definitions with these names. Waits while the database is
   * away.
   */
  async rememberDefinitions(names: readonly string[], signal?: AbortSignal): Promise<void> {
    if (names.length === 0) return;
    const text = `INSERT INTO ${this.tables.saga_definition} (name) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING`;
    await untilDatabaseAnswers('remember its definitions', () => this.pool.query(text, [names]), this.log, signal);
  }

  /** Whether an instance of this orchestrator has, or had, a definition with this name. */
  async knowsDefinition(name: string): Promise<boolean> {
    const text = `SELECT FROM ${this.tables.saga_definition} WHERE name = $1`;
    const { rowCount } = await this.pool.query(text, [name]);
    return rowCount === 1;
  }

  /** The names of all definitions that an instance of this orchestrator has, or had. */
  async definitionNames(): Promise<string[]> {
    const { rows } = await this.pool.query<{ name: string }>(`SELECT name FROM ${this.tables.saga_definition}`);
    return rows.map(({ name }) => name);
  }

  /** The sagas with these ids, and the database's time, which all deadlines follow. */
  async read(ids: readonly string[]): Promise<{ sagas: Map<string, StoredSaga>; now: number }> {
    const { rows } = await this.pool.query<ReadRow>({
      name: 'palinode-read',
      text: this.statements.read,
      values: [uuidArray(ids)],
    });
    const sagas = new Map<string, StoredSaga>();
    for (const { state, revision, armed_at } of rows) {
      if (state === null || revision === null) continue;
      const parsed = parseState(state);
      sagas.set(parsed.id, { state: parsed, revision, armedAt: armed_at ?? undefined });
    }
    return { sagas, now: rows[0]?.now ?? Date.now() };
  }

  /** Saves the updates whose saga still has the revision that was read, and returns the ids of those sagas. */
  async save(updates: readonly SagaUpdate[], acknowledged: readonly string[]): Promise<Set<string>> {
    const statement = await this.saving(updates, acknowledged);
    const { rows } = await this.commitTimes.measure(() => this.pool.query<{ id: string }>(statement));
    this.lifecycle?.notify();
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * Saves one saga together with what else its transaction writes. Writes nothing and returns false when its revision
   * has changed.
   */
  async saveWith(update: SagaUpdate, write: (client: PoolClient) => Promise<unknown>): Promise<boolean> {
    const saving = await this.saving([update], []);
    const saved = await inTransaction(this.pool, async (client) => {
      const { rowCount } = await client.query(saving);
      if (rowCount === 0) return false;
      await write(client);
      return true;
    });
    this.lifecycle?.notify();
    return saved;
  }

  /** The key of the hashes of sensitive search attributes; the migration made it. */
  async searchKey(): Promise<Buffer> {
    if (this.foundSearchKey !== undefined) return this.foundSearchKey;
    const { rows } = await this.pool.query<{ key: Buffer }>(`SELECT key FROM ${this.tables.search_key}`);
    const [found] = rows;
    if (found === undefined)
      throw new Error(`${this.tables.search_key} is empty; restore the row that its migration made.`);
    this.foundSearchKey = found.key;
    return found.key;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async saving(updates: readonly SagaUpdate[], acknowledged: readonly string[]): Promise<QueryConfig> {
    // In the same order in all processes, to prevent deadlocks.
    const sorted = updates.toSorted((a, b) => (a.state.id < b.state.id ? -1 : 1));
    const attributes = await this.attributesOf(sorted);
    const values = [
      ...changedColumns(
        sorted.filter(({ before }) => before !== undefined),
        attributes,
      ),
      ...begunColumns(
        sorted.filter(({ before }) => before === undefined),
        attributes,
      ),
      ...historyColumns(sorted),
      ...attributeColumns(attributes),
      ...timerColumns(sorted.filter(({ armedAt, before }) => armedAt !== undefined && armedAt !== before?.armedAt)),
      ...outboxColumns(sorted),
      uuidArray(acknowledged),
      ...deltaColumns(sorted),
    ];
    const hasRareParts = sorted.some(({ held, incident }) => held !== NO_CHANGES || incident !== undefined);
    const { save, saveWithRareParts } = this.statements;
    if (this.lifecycle === undefined && !hasRareParts) return { name: 'palinode-save', text: save, values };
    values.push(
      ...lifecycleColumns(sorted, this.lifecycle?.topics),
      ...heldColumns(sorted),
      ...incidentColumns(sorted),
    );
    return { name: 'palinode-save-with-rare-parts', text: saveWithRareParts, values };
  }

  /** Few updates have attributes: those with which a saga begins. */
  private async attributesOf(updates: readonly SagaUpdate[]): Promise<AttributesOf> {
    const having = updates.filter(({ attributes = [] }) => attributes.length > 0);
    const needsKey = having.some(({ attributes }) => attributes?.some(({ sensitive }) => sensitive));
    const key = needsKey ? await this.searchKey() : undefined;
    return new Map(having.map((update) => [update, storedAttributes(update.attributes ?? [], key)]));
  }
}

interface ReadRow {
  readonly state: string | null;
  readonly revision: number | null;
  readonly armed_at: number | null;
  readonly now: number;
}

function changedColumns(updates: readonly SagaUpdate[], attributes: AttributesOf): unknown[] {
  return [
    uuidArray(updates.map(({ state }) => state.id)),
    intArray(updates.map(({ before }) => before?.revision ?? 0)),
    float8Array(updates.map(({ before }) => before?.armedAt ?? null)),
    intArray(updates.map(({ state }) => state.version)),
    textArray(updates.map(({ state }) => state.status)),
    textArray(updates.map(({ state }) => state.pause?.reason ?? null)),
    textArray(updates.map(({ state }) => stringifyState(state))),
    intArray(updates.map(({ revision }) => revision)),
    float8Array(updates.map(({ state }) => state.wakeAt ?? null)),
    float8Array(updates.map(({ armedAt }) => armedAt ?? null)),
    float8Array(updates.map(({ state }) => state.endedAt ?? null)),
    ...searchValues(updates),
    attributeTexts(updates, attributes),
  ];
}

function begunColumns(updates: readonly SagaUpdate[], attributes: AttributesOf): unknown[] {
  return [
    uuidArray(updates.map(({ state }) => state.id)),
    textArray(updates.map(({ state }) => state.definition)),
    intArray(updates.map(({ state }) => state.version)),
    textArray(updates.map(({ state }) => state.status)),
    textArray(updates.map(({ state }) => state.pause?.reason ?? null)),
    textArray(updates.map(({ state }) => state.subject ?? null)),
    textArray(updates.map(({ state }) => stringifyState(state))),
    intArray(updates.map(({ revision }) => revision)),
    float8Array(updates.map(({ state }) => state.wakeAt ?? null)),
    float8Array(updates.map(({ armedAt }) => armedAt ?? null)),
    float8Array(updates.map(({ state }) => state.startedAt)),
    float8Array(updates.map(({ state }) => state.endedAt ?? null)),
    ...searchValues(updates),
    attributeTexts(updates, attributes),
  ];
}

/** What lists are filtered by, without the attributes. */
export function searchValues(updates: readonly Pick<SagaUpdate, 'search'>[]): unknown[] {
  return [
    textArray(updates.map(({ search }) => search.steps.join(','))),
    textArray(updates.map(({ search }) => search.services.join(','))),
    textArray(updates.map(({ search }) => search.cause ?? null)),
    textArray(updates.map(({ search }) => search.causeStep ?? null)),
    textArray(updates.map(({ search }) => search.causeService ?? null)),
  ];
}

function attributeTexts(updates: readonly SagaUpdate[], attributes: AttributesOf): unknown {
  return textArray(
    updates.map((update) => {
      const stored = attributes.get(update);
      return stored === undefined || stored.length === 0
        ? null
        : stored.map(({ name, value }) => `${name}${value}`).join(SEPARATOR);
    }),
  );
}

/** Rows of saga_attribute. */
function attributeColumns(attributes: AttributesOf): unknown[] {
  const rows = [...attributes].flatMap(([{ state }, stored]) =>
    stored.map(({ name, value }) => ({ id: state.id, startedAt: state.startedAt, name, value })),
  );
  return [
    textArray(rows.map(({ name }) => name)),
    textArray(rows.map(({ value }) => value)),
    float8Array(rows.map(({ startedAt }) => startedAt)),
    uuidArray(rows.map(({ id }) => id)),
  ];
}

function historyColumns(updates: readonly SagaUpdate[]): unknown[] {
  const entries = updates.flatMap(({ state: { id }, history }) => history.map((entry) => ({ id, ...entry })));
  return [
    uuidArray(entries.map(({ id }) => id)),
    intArray(entries.map(({ seq }) => seq)),
    float8Array(entries.map(({ at }) => at)),
    textArray(entries.map(({ event }) => stringifySagaEvent(event))),
    textArray(entries.map(({ sent }) => (sent.length === 0 ? null : JSON.stringify(sent)))),
    textArray(entries.map(({ ignored }) => ignored ?? null)),
  ];
}

function timerColumns(updates: readonly SagaUpdate[]): unknown[] {
  return [uuidArray(updates.map(({ state }) => state.id)), float8Array(updates.map(({ armedAt }) => armedAt ?? null))];
}

function outboxColumns(updates: readonly SagaUpdate[]): unknown[] {
  const messages = updates.flatMap(({ state, outbox }) => outbox.map((message) => ({ sagaId: state.id, ...message })));
  return [
    uuidArray(messages.map(({ sagaId }) => sagaId)),
    uuidArray(messages.map(({ id }) => id)),
    textArray(messages.map(({ topic }) => topic)),
    textArray(messages.map(({ key }) => key)),
    textArray(messages.map(({ payload }) => payload)),
  ];
}

function deltaColumns(updates: readonly SagaUpdate[]): unknown[] {
  const added = updates.filter(({ delta }) => delta !== undefined);
  return [uuidArray(added.map(({ state }) => state.id)), textArray(added.map(({ delta }) => JSON.stringify(delta)))];
}

/** No events when lifecycle events are off. */
function lifecycleColumns(updates: readonly SagaUpdate[], topics: Topics | undefined): unknown[] {
  const events = topics ? updates.flatMap(({ before, states }) => lifecycleRows(before?.state, states, topics)) : [];
  return [uuidArray(events.map(({ key }) => key)), ...eventColumns(events)];
}

function heldColumns(updates: readonly SagaUpdate[]): unknown[] {
  const kept = updates.flatMap(({ held }) => held.kept);
  const gone = updates.flatMap(({ held }) => held.gone);
  return [
    uuidArray(kept.map(({ sagaId }) => sagaId)),
    textArray(kept.map(({ step }) => step)),
    textArray(kept.map(({ definition }) => definition)),
    intArray(kept.map(({ version }) => version)),
    textArray(kept.map(({ command }) => command)),
    float8Array(kept.map(({ since }) => since)),
    intArray(kept.map(({ released }) => (released ? 1 : 0))),
    uuidArray(gone.map(({ sagaId }) => sagaId)),
    textArray(gone.map(({ step }) => step)),
  ];
}

function incidentColumns(updates: readonly SagaUpdate[]): unknown[] {
  const joined = updates.flatMap(({ incident }) => incident?.joins ?? []);
  const left = updates.filter(({ incident }) => incident !== undefined && incident.joins === undefined);
  return [...incidentRowColumns(joined), uuidArray(left.map(({ state }) => state.id))];
}

/** Rows of saga_incident. */
export function incidentRowColumns(rows: readonly IncidentRow[]): unknown[] {
  return [
    uuidArray(rows.map(({ sagaId }) => sagaId)),
    uuidArray(rows.map(({ incident }) => incident)),
    textArray(rows.map(({ status }) => status)),
    float8Array(rows.map(({ since }) => since)),
    intArray(rows.map(({ pastPivot }) => (pastPivot ? 1 : 0))),
  ];
}
