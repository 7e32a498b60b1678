/*
 * Finds sagas by filters, in the order of their starts or ends. A list is merged from one query per status, and per
 * version where a definition is named: the indexes sort the sagas of each of these, so a page is read from their
 * beginnings, however many there are. A filter that fits no saga of a status leaves its query out.
 */
import { SAGA_STATUSES, type SagaState, type SagaStatus } from '../engine';
import { HELD_INCIDENT, isHeldIncident } from '../incidents';
import type { SearchAttribute } from '../contract';
import type { SagaFilter } from './saga-filter';
import type { SagaStore } from './saga-store';
import { hashed, plain, shownAttributes } from './stored-attributes';
import { parseState } from './stored-state';

/** Where a saga is in a list. */
export interface SagaPlace {
  /** Its start or end, in microseconds since 1970. */
  readonly at: string;
  readonly id: string;
}

export interface FoundSaga {
  readonly state: SagaState;
  readonly revision: number;
  readonly attributes: readonly SearchAttribute[];
  readonly place: SagaPlace;
}

/** Which part of a list is wanted. */
export interface SagaOrder {
  readonly oldestFirst: boolean;
  readonly after?: SagaPlace | undefined;
  readonly limit: number;
}

/** A search attribute that sagas have. */
export interface AttributeName {
  readonly name: string;
  readonly plain: boolean;
  readonly sensitive: boolean;
}

/** A saga is overdue when its wake-up is longer ago than this. */
const OVERDUE = `interval '1 minute'`;

function hasEnd(status: SagaStatus): boolean {
  return status === 'COMPLETED' || status === 'COMPENSATED';
}

export class SagaSearch {
  constructor(private readonly store: SagaStore) {}

  /** Returns part of the list of the sagas that fit. */
  async page(filter: SagaFilter, { oldestFirst, after, limit }: SagaOrder): Promise<FoundSaga[]> {
    const query = await this.queryFor(filter);
    const at = query.at;
    const [direction, beyond] = oldestFirst ? ['ASC', '>'] : ['DESC', '<'];
    if (after)
      query.conditions.push(
        `(${at}, id) ${beyond} (${query.value(instant(after.at))}::timestamptz, ${query.value(after.id)}::uuid)`,
      );
    const first = `ORDER BY at ${direction}, id ${direction} LIMIT ${query.value(limit)}`;
    const found = query.texts(`id, ${at} AS at`, first);
    if (found === undefined) return [];
    const { rows } = await this.store.pool.query<PageRow>(
      `SELECT saga.state, saga.revision, saga.attributes, saga.id, (extract(epoch FROM found.at) * 1000000)::bigint::text AS at
       FROM (SELECT * FROM (${found}) AS parts ${first}) AS found JOIN ${this.store.tables.saga} AS saga ON saga.id = found.id
       ORDER BY found.at ${direction}, found.id ${direction}`,
      query.values,
    );
    return rows.map(({ state, revision, attributes, id, at: instantOfIt }) => ({
      state: parseState(state),
      revision,
      attributes: shownAttributes(attributes),
      place: { id, at: instantOfIt },
    }));
  }

  /** Returns how many sagas fit, at most this many. */
  async count(filter: SagaFilter, most: number): Promise<number> {
    const query = await this.queryFor(filter);
    const limit = `LIMIT ${query.value(most)}`;
    const found = query.texts('id', limit);
    if (found === undefined) return 0;
    const { rows } = await this.store.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM (SELECT FROM (${found}) AS parts ${limit}) AS found`,
      query.values,
    );
    return rows[0]?.count ?? 0;
  }

  /** Returns the ids of the oldest sagas that fit. */
  async ids(filter: SagaFilter, limit: number): Promise<string[]> {
    const query = await this.queryFor(filter);
    const first = `ORDER BY at, id LIMIT ${query.value(limit)}`;
    const found = query.texts(`id, ${query.at} AS at`, first);
    if (found === undefined) return [];
    const { rows } = await this.store.pool.query<{ id: string }>(
      `SELECT id FROM (${found}) AS parts ${first}`,
      query.values,
    );
    return rows.map(({ id }) => id);
  }

  /** Returns the revision of this saga if it fits. */
  async revisionOf(filter: SagaFilter, id: string): Promise<number | undefined> {
    const query = await this.queryFor(filter);
    query.conditions.push(`id = ${query.value(id)}`);
    const found = query.texts('revision', 'LIMIT 1');
    if (found === undefined) return undefined;
    const { rows } = await this.store.pool.query<{ revision: number }>(
      `SELECT revision FROM (${found}) AS parts LIMIT 1`,
      query.values,
    );
    return rows[0]?.revision;
  }

  /** Returns the names of all search attributes, in a few steps through the index. */
  async attributeNames(): Promise<AttributeName[]> {
    const { saga_attribute } = this.store.tables;
    const has = (from: string, to: string): string =>
      `EXISTS (SELECT FROM ${saga_attribute} WHERE name = names.name AND value >= '${from}' AND value < '${to}')`;
    const { rows } = await this.store.pool.query<AttributeName>(
      `WITH RECURSIVE names AS (
         (SELECT name FROM ${saga_attribute} ORDER BY name LIMIT 1)
         UNION ALL
         SELECT next.name FROM names, LATERAL (
           SELECT name FROM ${saga_attribute} WHERE name > names.name ORDER BY name LIMIT 1
         ) AS next
       )
       SELECT name, ${has('=', '>')} AS plain, ${has('~', '\u007f')} AS sensitive FROM names`,
    );
    return rows;
  }

  /** Returns the texts `name:value` with what stands for sensitive values in their place. */
  async withoutSensitive(attributes: readonly string[]): Promise<string[]> {
    const names = await this.attributeNames();
    const sensitive = new Set(names.filter((each) => each.sensitive && !each.plain).map(({ name }) => name));
    const key = sensitive.size === 0 ? undefined : await this.store.searchKey();
    return attributes.map((text) => {
      const name = text.slice(0, text.indexOf(':'));
      return sensitive.has(name) ? `${name}:${hashed(name, text.slice(name.length + 1), key)}` : text;
    });
  }

  private async queryFor(filter: SagaFilter): Promise<SagaQuery> {
    const needsNames = filter.attribute !== undefined || filter.q !== undefined;
    const [names, versions] = await Promise.all([
      needsNames ? this.attributeNames() : [],
      filter.definition === undefined || filter.version !== undefined ? [] : this.versionsOf(filter.definition),
    ]);
    const key = names.some(({ sensitive }) => sensitive) ? await this.store.searchKey() : undefined;
    return new SagaQuery(filter, { names, versions, key, store: this.store });
  }

  private async versionsOf(definition: string): Promise<number[]> {
    const { saga } = this.store.tables;
    const { rows } = await this.store.pool.query<{ version: number }>(
      `WITH RECURSIVE versions AS (
         (SELECT version FROM ${saga} WHERE definition = $1 ORDER BY version LIMIT 1)
         UNION ALL
         SELECT next.version FROM versions, LATERAL (
           SELECT version FROM ${saga} WHERE definition = $1 AND version > versions.version ORDER BY version LIMIT 1
         ) AS next
       )
       SELECT version FROM versions`,
      [definition],
    );
    return rows.map(({ version }) => version);
  }
}

interface PageRow {
  readonly state: string;
  readonly revision: number;
  readonly attributes: string[] | null;
  readonly id: string;
  readonly at: string;
}

function instant(micros: string): string {
  const ms = BigInt(micros) / 1000n;
  return new Date(Number(ms)).toISOString().replace('Z', `${String(BigInt(micros) % 1000n).padStart(3, '0')}Z`);
}

interface QueryContext {
  readonly names: readonly AttributeName[];
  /** All versions of the definition, unless the filter names one. */
  readonly versions: readonly number[];
  readonly key: Buffer | undefined;
  readonly store: SagaStore;
}

/** The parts of a statement that finds sagas. */
class SagaQuery {
  readonly values: unknown[] = [];
  /** What all queries of the list have in common, beside the status. */
  readonly conditions: string[];
  /** By what the list is sorted. */
  readonly at: 'saga.started_at' | 'saga.ended_at';
  private readonly attributes: readonly string[];
  private readonly statuses: ReadonlyMap<SagaStatus, string>;

  constructor(
    private readonly filter: SagaFilter,
    private readonly context: QueryContext,
  ) {
    const { endedAfter, endedBefore } = filter;
    this.at = endedAfter === undefined && endedBefore === undefined ? 'saga.started_at' : 'saga.ended_at';
    this.conditions = this.commonConditions();
    this.attributes = (filter.attribute ?? []).map((text, index) => this.joinOf(text, `a${index}`));
    this.statuses = this.statusConditions();
  }

  /** Adds a value and returns its placeholder. */
  value(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  /** The queries that make up the list; undefined when no saga can fit. `end` is put behind each. */
  texts(columns: string, end: string): string | undefined {
    const { filter, context } = this;
    const versions = filter.definition === undefined || filter.version !== undefined ? [undefined] : context.versions;
    const ofVersions = versions.map((version) => (version === undefined ? [] : [`version = ${version}`]));
    const beginsWith = filter.q === undefined ? [] : [this.beginsWith(filter.q)];
    const texts = [...this.statuses.values()].flatMap((status) =>
      ofVersions.map((version) => this.text(columns, this.attributes, [status, ...version, ...beginsWith], end)),
    );
    if (texts.length === 0) return undefined;
    if (filter.q === undefined) return texts.join(' UNION ALL ');
    const byValue = this.joinsOf(filter.q).map((join) =>
      this.text(columns, [...this.attributes, join], [this.anyStatus()], end),
    );
    // A saga may be found in several of these ways.
    return [...texts, ...byValue].join(byValue.length === 0 ? ' UNION ALL ' : ' UNION ');
  }

  private text(columns: string, joins: readonly string[], conditions: readonly string[], end: string): string {
    const where = [...this.conditions, ...conditions].filter((each) => each !== '');
    const { saga } = this.context.store.tables;
    return `(SELECT ${columns} FROM ${saga} AS saga ${joins.join(' ')}${where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`} ${end})`;
  }

  private commonConditions(): string[] {
    const { definition, version, subject, startedAfter, startedBefore, endedAfter, endedBefore, held, incident } =
      this.filter;
    const given: readonly (readonly [string, unknown, string?])[] = [
      ['definition =', definition],
      ['version =', version],
      ['subject =', subject],
      ['saga.started_at >=', startedAfter, '::timestamptz'],
      ['saga.started_at <', startedBefore, '::timestamptz'],
      ['ended_at >=', endedAfter, '::timestamptz'],
      ['ended_at <', endedBefore, '::timestamptz'],
    ];
    const conditions = given.flatMap(([condition, value, cast = '']) =>
      value === undefined ? [] : [`${condition} ${this.value(value)}${cast}`],
    );
    if (held !== undefined) conditions.push(held === 'true' ? this.isHeld : `NOT ${this.isHeld}`);
    if (incident !== undefined) conditions.push(this.isIn(incident));
    return conditions;
  }

  private get isHeld(): string {
    return `(id IN (SELECT saga_id FROM ${this.context.store.tables.held_step} WHERE released_at IS NULL))`;
  }

  private isIn(incident: string): string {
    const { held_step, saga_incident } = this.context.store.tables;
    const sagas = isHeldIncident(incident)
      ? `${held_step} WHERE released_at IS NULL AND ${HELD_INCIDENT} =`
      : `${saga_incident} WHERE incident =`;
    return `id IN (SELECT saga_id FROM ${sagas} ${this.value(incident)})`;
  }

  /** Of each status in which sagas can fit, the condition for them. */
  private statusConditions(): ReadonlyMap<SagaStatus, string> {
    const { status = SAGA_STATUSES } = this.filter;
    return new Map(
      [...new Set([status].flat())].flatMap((each) => {
        const own = this.mayBe(each) ? this.conditionsIn(each) : undefined;
        return own === undefined ? [] : [[each, [`status = '${each}'`, ...own].join(' AND ')]];
      }),
    );
  }

  /** Whether sagas of this status can fit the filters that concern ends, holds and stuck sagas. */
  private mayBe(status: SagaStatus): boolean {
    const { stuck, held } = this.filter;
    if (status === 'PAUSED' && stuck === 'false') return false;
    return hasEnd(status) ? stuck !== 'true' && held !== 'true' : this.at !== 'saga.ended_at';
  }

  /** Undefined when no saga of this status can fit. */
  private conditionsIn(status: SagaStatus): string[] | undefined {
    const { reason, cause, step, service } = this.filter;
    if (reason && status !== 'PAUSED') return undefined;
    switch (status) {
      case 'COMPLETED':
        return cause || step || service ? undefined : [];
      case 'COMPENSATED':
        return [
          ...this.isAny('cause', cause),
          ...this.isAny('cause_step', step),
          ...this.isAny('cause_service', service),
        ];
      case 'PAUSED':
        return [...this.isAny('pause_reason', reason), ...this.isAny('cause', cause), ...this.stands()];
      default:
        if (cause && status === 'RUNNING') return undefined;
        return [...this.isAny('cause', cause), ...this.stands(), ...this.isStuck()];
    }
  }

  private isAny(column: string, values: readonly string[] | undefined): string[] {
    return values === undefined ? [] : [`${column} = ANY (${this.value(values)}::text[])`];
  }

  private stands(): string[] {
    const { step, service } = this.filter;
    return [
      ...(step === undefined ? [] : [`steps && ${this.value(step)}::text[]`]),
      ...(service === undefined ? [] : [`services && ${this.value(service)}::text[]`]),
    ];
  }

  private isStuck(): string[] {
    const { stuck } = this.filter;
    const needsHelp = `(coalesce(wake_at < statement_timestamp() - ${OVERDUE}, false) OR ${this.isHeld})`;
    return stuck === undefined ? [] : [stuck === 'true' ? needsHelp : `NOT ${needsHelp}`];
  }

  private anyStatus(): string {
    const { filter, statuses } = this;
    const isAny = SAGA_STATUSES.every((status) => statuses.get(status) === `status = '${status}'`);
    return isAny && filter.status === undefined
      ? ''
      : `(${[...statuses.values()].map((each) => `(${each})`).join(' OR ')})`;
  }

  private beginsWith(q: string): string {
    const bySubject = `subject LIKE ${this.value(`${q.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`)}`;
    const part = q.toLowerCase();
    if (!ID_PART.test(part)) return bySubject;
    const [from, to] = [LOWEST, HIGHEST].map((id) => this.value(part + id.slice(part.length)));
    return `(${bySubject} OR saga.id BETWEEN ${from}::uuid AND ${to}::uuid)`;
  }

  /** Joins the attribute that has this value, for `name:value`. */
  private joinOf(text: string, alias: string): string {
    const name = text.slice(0, text.indexOf(':'));
    const value = text.slice(name.length + 1);
    const known = this.context.names.find((each) => each.name === name) ?? { name, plain: true, sensitive: false };
    const values = this.valuesOf(known, value);
    const [only] = values;
    return this.join(
      alias,
      name,
      values.length === 1 ? `= ${this.value(only)}` : `= ANY (${this.value(values)}::text[])`,
    );
  }

  /** For each attribute, a join with those that have this value. */
  private joinsOf(q: string): string[] {
    return this.context.names.flatMap((known) =>
      this.valuesOf(known, q).map((value) => this.join('q', known.name, `= ${this.value(value)}`)),
    );
  }

  /** The start is in the join so that either table can give the order. */
  private join(alias: string, name: string, hasValue: string): string {
    return `JOIN ${this.context.store.tables.saga_attribute} AS ${alias} ON ${alias}.saga_id = saga.id
      AND ${alias}.started_at = saga.started_at AND ${alias}.name = ${this.value(name)} AND ${alias}.value ${hasValue}`;
  }

  private valuesOf({ name, plain: isPlain, sensitive }: AttributeName, value: string): string[] {
    return [...(isPlain ? [plain(value)] : []), ...(sensitive ? [hashed(name, value, this.context.key)] : [])];
  }
}

/** Ids have hyphens at fixed places; the rest of an id that is given in part may be anything. */
const ID_PART =
  /^[0-9a-f]{1,8}$|^[0-9a-f]{8}-([0-9a-f]{0,4}|[0-9a-f]{4}-([0-9a-f]{0,4}|[0-9a-f]{4}-([0-9a-f]{0,4}|[0-9a-f]{4}-[0-9a-f]{0,12})))$/;
const LOWEST = '00000000-0000-0000-0000-000000000000';
const HIGHEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
