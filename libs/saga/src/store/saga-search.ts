/* Finds sagas by filters, in the order of their starts or ends. */
import type { SearchAttribute } from '../contract';
import type { SagaState } from '../engine';
import { sagasOfMessages } from './message-search';
import type { SagaFilter } from './saga-filter';
import type { SagaStore } from './saga-store';
import { beginnings, SagaQuery, type AttributeName, type QueryContext } from './saga-query';
import { hashed, shownAttributes } from './stored-attributes';
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

/** So many sagas are counted, read and sorted within some milliseconds. */
const FEW = 5_000;
/** So many sagas of each status are looked through for those that begin with a text, before all that do are read. */
const NEAR = 5_000;

/** A filter with what its statements depend on. */
export interface PreparedFilter {
  readonly filter: SagaFilter;
  readonly context: QueryContext;
}

/** Which part of a list is wanted. */
export interface SagaOrder {
  readonly oldestFirst: boolean;
  readonly after?: SagaPlace | undefined;
  readonly limit: number;
}

export class SagaSearch {
  constructor(private readonly store: SagaStore) {}

  /** Looks up once what the statements for a list depend on. */
  async prepare(filter: SagaFilter): Promise<PreparedFilter> {
    const { definition, version, q } = filter;
    const [context, versions, sagas] = await Promise.all([
      this.contextOf(filter),
      definition === undefined || version !== undefined ? undefined : this.versionsOf(definition),
      q === undefined ? undefined : sagasOfMessages(this.store, q),
    ]);
    return { filter, context: { ...context, versions, sagasOfMessages: sagas } };
  }

  /** Returns part of the list of the sagas that fit. */
  async page(prepared: PreparedFilter, order: SagaOrder): Promise<FoundSaga[]> {
    const { q } = prepared.filter;
    const query = behind(order, prepared);
    if (q === undefined || (await this.fewBeginWith(q))) return this.read(query, order);
    // Where many of them are is not known: they may fill the page at once, or be at the other end of the list.
    const near = await this.read(await this.nearOnes(prepared, order), order);
    return near.length === order.limit ? near : this.read(query, order);
  }

  /** The query for those of the next sagas in the list that fit. */
  private async nearOnes({ filter, context }: PreparedFilter, order: SagaOrder): Promise<SagaQuery> {
    const { status, startedAfter, startedBefore, endedAfter, endedBefore } = filter;
    const spans = { status, startedAfter, startedBefore, endedAfter, endedBefore };
    const next = behind(order, { filter: spans, context: { ...context, versions: undefined } });
    const [direction, nearest, before] = order.oldestFirst ? ['ASC', 'min', '<'] : ['DESC', 'max', '>'];
    const ends = next.texts(
      `${next.at} AS at`,
      `ORDER BY at ${direction}, id ${direction} OFFSET ${next.value(NEAR)} LIMIT 1`,
    );
    const near = behind(order, { filter, context });
    near.walks = true;
    if (ends === undefined) return near;
    const { rows } = await this.store.pool.query<{ end: string | null }>(
      `SELECT ${nearest}(at)::text AS end FROM (${ends}) AS ends`,
      next.values,
    );
    const end = rows[0]?.end ?? undefined;
    if (end !== undefined) near.within.push(`${near.at} ${before} ${near.value(end)}::timestamptz`);
    return near;
  }

  private async read(query: SagaQuery, { oldestFirst, limit }: SagaOrder): Promise<FoundSaga[]> {
    const at = query.at;
    const direction = oldestFirst ? 'ASC' : 'DESC';
    const first = `ORDER BY at ${direction}, id ${direction} LIMIT ${query.value(limit)}`;
    const found = query.texts(`id, ${at} AS at`, first);
    if (found === undefined) return [];
    const { rows } = await this.store.pool.query<PageRow>(
      `SELECT saga.state, saga.revision, saga.attributes, saga.id, (extract(epoch FROM found.at) * 1000000)::bigint::text AS at
       FROM (SELECT * FROM (${found}) AS parts ${first}) AS found JOIN ${this.store.tables.saga} AS saga ON saga.id = found.id
       ORDER BY found.at ${direction}, found.id ${direction}`,
      query.values,
    );
    return rows.map(foundSaga);
  }

  /** Returns how many sagas fit, at most this many. */
  async count(prepared: PreparedFilter, most: number): Promise<number> {
    const query = new SagaQuery(prepared.filter, prepared.context);
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
    const query = new SagaQuery(filter, (await this.prepare(filter)).context);
    query.walks = filter.q !== undefined && !(await this.fewBeginWith(filter.q));
    const first = `ORDER BY at, id LIMIT ${query.value(limit)}`;
    const found = query.texts(`id, ${query.at} AS at`, first);
    if (found === undefined) return [];
    const { rows } = await this.store.pool.query<{ id: string }>(
      `SELECT id FROM (${found}) AS parts ${first}`,
      query.values,
    );
    return rows.map(({ id }) => id);
  }

  /** Of some sagas those that fit: the ids of all, and the newest of them. */
  async among(
    ids: readonly string[],
    filter: SagaFilter,
    most: number,
  ): Promise<{ readonly ids: readonly string[]; readonly newest: readonly FoundSaga[] }> {
    const query = await this.queryOfSome(filter);
    query.conditions.push(`saga.id = ANY (${query.value(ids)}::uuid[])`);
    const found = query.texts(`id, ${query.at} AS at`, '');
    if (found === undefined) return { ids: [], newest: [] };
    const isShown = `row_number() OVER (ORDER BY found.id DESC) <= ${query.value(most)}`;
    const { rows } = await this.store.pool.query<AmongRow>(
      `SELECT found.id, CASE WHEN ${isShown} THEN saga.state END AS state, saga.revision, saga.attributes,
              (extract(epoch FROM found.at) * 1000000)::bigint::text AS at
       FROM (${found}) AS found JOIN ${this.store.tables.saga} AS saga ON saga.id = found.id ORDER BY found.id DESC`,
      query.values,
    );
    return {
      ids: rows.map(({ id }) => id),
      newest: rows.flatMap(({ state, ...row }) => (state === null ? [] : foundSaga({ state, ...row }))),
    };
  }

  /** Returns the revision of this saga if it fits. */
  async revisionOf(filter: SagaFilter, id: string): Promise<number | undefined> {
    const query = await this.queryOfSome(filter);
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
    const sensitive = new Set(names.filter((each) => each.sensitive).map(({ name }) => name));
    const key = sensitive.size === 0 ? undefined : await this.store.searchKey();
    return attributes.map((text) => {
      const name = text.slice(0, text.indexOf(':'));
      return sensitive.has(name) ? `${name}:${hashed(name, text.slice(name.length + 1), key)}` : text;
    });
  }

  /**
   * Returns `q` itself if it is stored in clear and is no sensitive value: an id, a business key or the value of a plain
   * attribute. Returns what stands for a sensitive value otherwise, because it may be one, if only of a saga to come.
   */
  async withoutSensitiveText(q: string): Promise<string> {
    const names = await this.attributeNames();
    const key = await this.store.searchKey();
    const sensitive = await this.sensitiveNameOf(q, names, key);
    if (sensitive === undefined && (await this.isStoredInClear(q, names))) return q;
    return hashed(sensitive ?? '', q, key);
  }

  /** The name of a sensitive attribute that has this value. */
  private async sensitiveNameOf(
    value: string,
    all: readonly AttributeName[],
    key: Buffer,
  ): Promise<string | undefined> {
    const names = all.filter(({ sensitive }) => sensitive).map(({ name }) => name);
    const { rows } = await this.store.pool.query<{ name: string }>(
      `SELECT name FROM unnest($1::text[], $2::text[]) AS sought (name, value)
       WHERE EXISTS (SELECT FROM ${this.store.tables.saga_attribute} AS a WHERE a.name = sought.name AND a.value = sought.value)
       LIMIT 1`,
      [names, names.map((name) => hashed(name, value, key))],
    );
    return rows[0]?.name;
  }

  private async isStoredInClear(q: string, names: readonly AttributeName[]): Promise<boolean> {
    const context = {
      names: names.filter((each) => each.plain).map((each) => ({ ...each, sensitive: false })),
      versions: undefined,
      key: undefined,
      sagasOfMessages: await sagasOfMessages(this.store, q),
      store: this.store,
    };
    return (await this.count({ filter: { q }, context }, 1)) > 0;
  }

  /** The query for given sagas. It does not depend on how many there are, and looks nothing up but names and the key. */
  private async queryOfSome(filter: SagaFilter): Promise<SagaQuery> {
    return new SagaQuery(filter, {
      ...(await this.contextOf(filter)),
      versions: undefined,
      sagasOfMessages: undefined,
    });
  }

  private async contextOf(filter: SagaFilter): Promise<Omit<QueryContext, 'versions' | 'sagasOfMessages'>> {
    const names = filter.attribute === undefined && filter.q === undefined ? [] : await this.attributeNames();
    const key = names.some(({ sensitive }) => sensitive) ? await this.store.searchKey() : undefined;
    return { names, key, store: this.store };
  }

  /** Whether so few sagas have a business key or an id that begins with `q` that all of them can be read. */
  private async fewBeginWith(q: string): Promise<boolean> {
    const values: unknown[] = [FEW + 1];
    const each = beginnings(q, (value) => `$${values.push(value)}`).map(
      (beginsSo) => `(SELECT FROM ${this.store.tables.saga} AS saga WHERE ${beginsSo} LIMIT $1)`,
    );
    const { rows } = await this.store.pool.query<{ few: boolean }>(
      `SELECT count(*) < $1 AS few FROM (${each.join(' UNION ALL ')}) AS found`,
      values,
    );
    return rows[0]?.few ?? false;
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

/** The query for the rest of the list behind a place. */
function behind({ after, oldestFirst }: SagaOrder, { filter, context }: PreparedFilter): SagaQuery {
  const query = new SagaQuery(filter, context);
  if (after) {
    const place = `(${query.value(instant(after.at))}::timestamptz, ${query.value(after.id)}::uuid)`;
    query.within.push(`(${query.at}, id) ${oldestFirst ? '>' : '<'} ${place}`);
  }
  return query;
}

function foundSaga({ state, revision, attributes, id, at }: PageRow): FoundSaga {
  return { state: parseState(state), revision, attributes: shownAttributes(attributes), place: { id, at } };
}

type AmongRow = Omit<PageRow, 'state'> & {
  /** Null beyond the sagas that are shown. */
  readonly state: string | null;
};

interface PageRow {
  readonly state: string;
  readonly revision: number;
  readonly attributes: string | null;
  readonly id: string;
  readonly at: string;
}

function instant(micros: string): string {
  const ms = BigInt(micros) / 1000n;
  return new Date(Number(ms)).toISOString().replace('Z', `${String(BigInt(micros) % 1000n).padStart(3, '0')}Z`);
}
