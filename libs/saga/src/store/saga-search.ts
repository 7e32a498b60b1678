/* Finds sagas by filters, in the order of their starts or ends. */
import type { SearchAttribute } from '../contract';
import type { SagaState } from '../engine';
import type { SagaFilter } from './saga-filter';
import type { SagaStore } from './saga-store';
import { SagaQuery, type AttributeName } from './saga-query';
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

/** Which part of a list is wanted. */
export interface SagaOrder {
  readonly oldestFirst: boolean;
  readonly after?: SagaPlace | undefined;
  readonly limit: number;
}

export class SagaSearch {
  constructor(private readonly store: SagaStore) {}

  /** Returns part of the list of the sagas that fit. */
  async page(filter: SagaFilter, { oldestFirst, after, limit }: SagaOrder): Promise<FoundSaga[]> {
    const query = await this.queryFor(filter);
    const at = query.at;
    const [direction, beyond] = oldestFirst ? ['ASC', '>'] : ['DESC', '<'];
    if (after)
      query.place = `(${at}, id) ${beyond} (${query.value(instant(after.at))}::timestamptz, ${query.value(after.id)}::uuid)`;
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

  /** Of some sagas those that fit: the ids of all, and the newest of them. */
  async among(
    ids: readonly string[],
    filter: SagaFilter,
    most: number,
  ): Promise<{ readonly ids: readonly string[]; readonly newest: readonly FoundSaga[] }> {
    const query = await this.queryFor(filter);
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
