/*
 * The statement that finds sagas. A list is merged from one query per status, and per version where a definition is named:
 * the indexes sort the sagas of each of these, so a page is read from their beginnings, however many there are. A filter
 * that fits no saga of a status leaves its query out.
 */
import { SAGA_STATUSES, type SagaStatus } from '../engine';
import { hasIncident, HELD_INCIDENT, isHeldIncident } from '../incidents';
import { hasMessage, idsBeginningWith } from './message-search';
import type { SagaFilter } from './saga-filter';
import type { SagaStore } from './saga-store';
import { hashed, plain } from './stored-attributes';

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

/** What a query depends on besides its filter. */
export interface QueryContext {
  readonly names: readonly AttributeName[];
  /** All versions of the definition, unless the filter names one or no list is wanted. */
  readonly versions: readonly number[] | undefined;
  readonly key: Buffer | undefined;
  /** The sagas that have a message whose id begins with what is searched; undefined to look for it in each saga. */
  readonly sagasOfMessages: readonly string[] | undefined;
  readonly store: SagaStore;
}

/** A condition on saga_attribute: the placeholder of the name, and what compares the value. */
interface AttributeCondition {
  readonly name: string;
  readonly hasValue: string;
}

/** The parts of a statement that finds sagas. */
export class SagaQuery {
  readonly values: unknown[] = [];
  /** What all queries of the list have in common, beside the status. */
  readonly conditions: string[];
  /** By what the list is sorted. */
  readonly at: 'saga.started_at' | 'saga.ended_at';
  /** The conditions for part of the list, such as what is behind a place in it. */
  readonly within: string[] = [];
  /** Whether sagas that begin with `q` are looked for in the order of the list; otherwise all of them are read. */
  walks = false;
  private readonly attributes: readonly AttributeCondition[];
  private readonly statuses: ReadonlyMap<SagaStatus, string>;

  constructor(
    readonly filter: SagaFilter,
    private readonly context: QueryContext,
  ) {
    const { endedAfter, endedBefore } = filter;
    this.at = endedAfter === undefined && endedBefore === undefined ? 'saga.started_at' : 'saga.ended_at';
    this.conditions = this.commonConditions();
    this.attributes = (filter.attribute ?? []).map((text) => this.attributeOf(text));
    this.statuses = this.statusConditions();
  }

  /** Adds a value and returns its placeholder. */
  value(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  /** The queries that make up the list; undefined when no saga can fit. `end` is put behind each. */
  texts(columns: string, end: string): string | undefined {
    const { q } = this.filter;
    const parts = this.parts();
    if (parts.length === 0) return undefined;
    if (q === undefined) return parts.map((part) => this.text(columns, this.attributes, part, end)).join(' UNION ALL ');
    const beginsSo = beginnings(q, (each) => this.value(each));
    const status = this.anyStatus();
    const own = status === undefined ? [] : [status];
    const byBeginning = this.walks
      ? parts.map((part) => this.text(columns, this.attributes, [...part, `(${beginsSo.join(' OR ')})`], end))
      : // OFFSET 0 hides the order from PostgreSQL, which would go through the list in search of them.
        beginsSo.map(
          (each) =>
            `(SELECT * FROM ${this.text(columns, this.attributes, [each, ...own], 'OFFSET 0')} AS all_of_them ${end})`,
        );
    const byValue = this.attributesWith(q).map((attribute) =>
      this.text(columns, [...this.attributes, attribute], own, end),
    );
    const byMessage = this.hasMessage(q).map((has) => this.text(columns, this.attributes, [has, ...own], end));
    // A saga may be found in several of these ways.
    return [...byBeginning, ...byValue, ...byMessage].join(' UNION ');
  }

  /** The conditions of each part of the list, beside those that all have. */
  private parts(): string[][] {
    const { context, statuses } = this;
    // The index of attributes gives the order, whatever the status.
    if (this.attributes.length > 0 && this.anyStatus() === undefined) return [[]];
    const { versions = [undefined] } = context;
    return [...statuses.values()].flatMap((status) =>
      versions.map((version) => (version === undefined ? [status] : [status, `version = ${version}`])),
    );
  }

  private text(
    columns: string,
    attributes: readonly AttributeCondition[],
    own: readonly string[],
    end: string,
  ): string {
    const { saga, saga_attribute } = this.context.store.tables;
    const conditions = [...this.conditions, ...own];
    const [only] = attributes;
    // An attribute alone is found without the sagas that have it.
    const isAlone = conditions.length === 0 && attributes.length === 1 && this.at === 'saga.started_at';
    const from =
      isAlone && only
        ? `(SELECT saga_id AS id, started_at FROM ${saga_attribute} WHERE name = ${only.name} AND value ${only.hasValue}) AS saga`
        : [`${saga} AS saga`, ...attributes.map((attribute, index) => this.join(`a${index}`, attribute))].join(' ');
    const where = [...conditions, ...this.within];
    return `(SELECT ${columns} FROM ${from}${where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`} ${end})`;
  }

  private commonConditions(): string[] {
    const { definition, version, subject, startedAfter, startedBefore, endedAfter, endedBefore, held } = this.filter;
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
    return conditions;
  }

  private get isHeld(): string {
    return `(id IN (SELECT saga_id FROM ${this.context.store.tables.held_step} WHERE released_at IS NULL))`;
  }

  /** The status is in saga_incident, too: it tells PostgreSQL how few sagas of the incident to expect. */
  private isIn(incident: string, status: SagaStatus): string {
    const { held_step, saga_incident } = this.context.store.tables;
    const sagas = isHeldIncident(incident)
      ? `${held_step} WHERE released_at IS NULL AND ${HELD_INCIDENT} =`
      : `${saga_incident} WHERE status = '${status}' AND incident =`;
    return `id IN (SELECT saga_id FROM ${sagas} ${this.value(incident)})`;
  }

  /** Of each status in which sagas can fit, the condition for them. */
  private statusConditions(): ReadonlyMap<SagaStatus, string> {
    const { status = SAGA_STATUSES, incident } = this.filter;
    return new Map(
      [...new Set([status].flat())].flatMap((each) => {
        const own = this.mayBe(each) ? this.conditionsIn(each) : undefined;
        if (own === undefined) return [];
        const isIn = incident === undefined ? [] : [this.isIn(incident, each)];
        return [[each, [`status = '${each}'`, ...own, ...isIn].join(' AND ')]];
      }),
    );
  }

  /** Whether sagas of this status can fit the filters that concern ends, holds, incidents and stuck sagas. */
  private mayBe(status: SagaStatus): boolean {
    const { stuck, held, incident } = this.filter;
    if (status === 'PAUSED' && stuck === 'false') return false;
    if (incident !== undefined && !isHeldIncident(incident) && !hasIncident(status)) return false;
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
      ...(step === undefined ? [] : [`string_to_array(steps, ',') && ${this.value(step)}::text[]`]),
      ...(service === undefined ? [] : [`string_to_array(services, ',') && ${this.value(service)}::text[]`]),
    ];
  }

  private isStuck(): string[] {
    const { stuck } = this.filter;
    const needsHelp = `(coalesce(wake_at < statement_timestamp() - ${OVERDUE}, false) OR ${this.isHeld})`;
    return stuck === undefined ? [] : [stuck === 'true' ? needsHelp : `NOT ${needsHelp}`];
  }

  /** The condition for all statuses together; undefined when every saga fits it. */
  private anyStatus(): string | undefined {
    const { filter, statuses } = this;
    const isAny = SAGA_STATUSES.every((status) => statuses.get(status) === `status = '${status}'`);
    if (isAny && filter.status === undefined) return undefined;
    return `(${[...statuses.values()].map((each) => `(${each})`).join(' OR ')})`;
  }

  private hasMessage(q: string): string[] {
    const { sagasOfMessages: ids, store } = this.context;
    if (ids === undefined) return [hasMessage(q, store.tables, (each) => this.value(each)) ?? []].flat();
    return ids.length === 0 ? [] : [`saga.id = ANY (${this.value(ids)}::uuid[])`];
  }

  /** The condition for `name:value`. */
  private attributeOf(text: string): AttributeCondition {
    const name = text.slice(0, text.indexOf(':'));
    const known = this.context.names.find((each) => each.name === name) ?? { name, plain: true, sensitive: false };
    const values = this.valuesOf(known, text.slice(name.length + 1));
    const hasValue = values.length === 1 ? `= ${this.value(values[0])}` : `= ANY (${this.value(values)}::text[])`;
    return { name: this.value(name), hasValue };
  }

  /** The conditions for this value, one for each attribute that can have it. */
  private attributesWith(q: string): AttributeCondition[] {
    return this.context.names.flatMap((known) =>
      this.valuesOf(known, q).map((value) => ({ name: this.value(known.name), hasValue: `= ${this.value(value)}` })),
    );
  }

  /** The start is in the join so that either table can give the order. */
  private join(alias: string, { name, hasValue }: AttributeCondition): string {
    return `JOIN ${this.context.store.tables.saga_attribute} AS ${alias} ON ${alias}.saga_id = saga.id
      AND ${alias}.started_at = saga.started_at AND ${alias}.name = ${name} AND ${alias}.value ${hasValue}`;
  }

  private valuesOf({ name, plain: isPlain, sensitive }: AttributeName, value: string): string[] {
    return [...(isPlain ? [plain(value)] : []), ...(sensitive ? [hashed(name, value, this.context.key)] : [])];
  }
}

/** The conditions of sagas whose business key or id begins with this text; an index has the sagas of each. */
export function beginnings(q: string, value: (value: unknown) => string): string[] {
  const bySubject = `subject LIKE ${value(`${q.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`)}`;
  const ids = idsBeginningWith(q);
  if (ids === undefined) return [bySubject];
  return [bySubject, `saga.id BETWEEN ${value(ids[0])}::uuid AND ${value(ids[1])}::uuid`];
}
