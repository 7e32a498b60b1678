/*
 * The names of the library's tables. Every statement is made of these names when the object that runs it is created, so
 * a schema and a prefix cost nothing for each query.
 */
import { ConfigurationError } from '../contract';

export const TABLE_NAMES = [
  'inbox',
  'inbox_rest',
  'outbox',
  'event_outbox',
  'unacknowledged',
  'third_party_call',
  'event_inbox',
  'event_position',
  'saga',
  'saga_history',
  'saga_timer',
  'saga_attribute',
  'search_key',
  'saga_definition',
  'orchestrator',
  'operator_action',
  'dead_letter',
  'hold',
  'held_step',
  'participant_health',
  'saga_incident',
  'orchestrator_instance',
  'bulk_action',
  'bulk_action_item',
  'saga_delta',
  'saga_statistic',
  'open_saga',
  'stream_change',
  'orchestrator_instance',
] as const;

export type TableName = (typeof TABLE_NAMES)[number];

/** Where the library's tables are. */
export interface TableLocation {
  /** The schema of the tables. @default the first in the search path of the session that has them */
  readonly schema?: string | undefined;
  /** What the names of the tables begin with, such as `palinode_`. @default none */
  readonly tablePrefix?: string | undefined;
}

/** PostgreSQL's words that need quotes as the name of a schema (appendix C, "reserved"). */
const RESERVED: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column
   concurrently constraint create cross current_catalog current_date current_role current_schema current_time
   current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from
   full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime
   localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning
   right select session_user similar some symmetric system_user table tablesample then to trailing true union unique user
   using variadic verbose when where window with`.split(/\s+/),
);
/** Names that need no quotes. */
const SCHEMA = /^(?!pg_)[a-z_][a-z0-9_]{0,62}$/;
/** Short enough for the names of indexes behind it, of which PostgreSQL keeps 63 bytes. */
const PREFIX = /^(?!pg_)[a-z_][a-z0-9_]{0,29}$/;

/** The name of each table as a statement uses it: `inbox`, `palinode.inbox` or `palinode.shop_inbox`. */
export type Tables = Readonly<Record<TableName, string>> & TableNaming;

/** How names are made for a location. */
class TableNaming {
  readonly schema: string | undefined;
  private readonly prefix: string;

  constructor({ schema, tablePrefix }: TableLocation) {
    if (schema !== undefined && !SCHEMA.test(schema))
      throw new ConfigurationError(
        `"${schema}" cannot be the schema; use lower-case letters, digits and _, at most 63, not beginning with pg_ or a digit.`,
      );
    if (schema !== undefined && RESERVED.has(schema))
      throw new ConfigurationError(
        `"${schema}" cannot be the schema: SQL reserves the word; use another, such as ${schema}_service.`,
      );
    if (tablePrefix !== undefined && !PREFIX.test(tablePrefix))
      throw new ConfigurationError(
        `"${tablePrefix}" cannot be the tablePrefix; use lower-case letters, digits and _, at most 30, not beginning with pg_ or a digit.`,
      );
    this.schema = schema;
    this.prefix = tablePrefix ?? '';
  }

  /** With the prefix, without the schema: for new indexes and constraints, which are in the schema of their table. */
  local(name: string): string {
    return `${this.prefix}${name}`;
  }

  /** With the prefix and the schema. */
  qualified(name: string): string {
    return this.schema === undefined ? this.local(name) : `${this.schema}.${this.local(name)}`;
  }
}

/** @throws ConfigurationError for a name that is invalid or needs quotes */
export function tablesIn(location: TableLocation): Tables {
  const naming = new TableNaming(location);
  const names = TABLE_NAMES.map((name) => [name, naming.qualified(name)]);
  return Object.assign(naming, Object.fromEntries(names) as Record<TableName, string>);
}

/** Without a schema and a prefix. */
export const TABLES = tablesIn({});
