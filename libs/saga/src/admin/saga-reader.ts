import type { HistoryEntry, SagaState } from '../engine';
import { parseSagaEvent, parseState, sagaConditions, type SagaFilter, type SagaStore } from '../store';
import { STATUSES } from './saga-list.query';

export interface StoredHistory {
  readonly state: SagaState;
  readonly revision: number;
  readonly history: readonly HistoryEntry[];
}

/** Reads sagas for the admin API; message processing does not use it. */
export class SagaReader {
  constructor(private readonly store: SagaStore) {}

  /** Returns a page of sagas, newest first, after the given id. */
  async list(
    filter: SagaFilter,
    after: string | undefined,
    limit: number,
  ): Promise<{ state: SagaState; revision: number }[]> {
    const { status, definition } = filter;
    const conditions = sagaConditions(filter, this.store.tables).add('id <', after);
    const { where } = conditions;
    const newest = `ORDER BY id DESC LIMIT ${conditions.parameter(limit)}`;
    const page = (filter: string): string =>
      `SELECT id, state, revision FROM ${this.store.tables.saga} AS saga ${filter} ${newest}`;
    // The index sorts the ids of a definition within each status, so the pages of all statuses are merged.
    const ofEachStatus = STATUSES.map((each) => `(${page(`${where} AND status = '${each}'`)})`).join(' UNION ALL ');
    const { rows } = await this.store.pool.query<{ state: string; revision: number }>(
      definition !== undefined && status === undefined ? `${ofEachStatus} ${newest}` : page(where),
      conditions.values,
    );
    return rows.map(({ state, revision }) => ({ state: parseState(state), revision }));
  }

  /** Returns a saga with its history, as of one instant. */
  async find(id: string): Promise<StoredHistory | undefined> {
    const { saga, saga_history } = this.store.tables;
    const { rows } = await this.store.pool.query<HistoryRow>(
      `SELECT saga.state, saga.revision, h.seq, h.event, h.sent, h.ignored, (extract(epoch FROM h.at) * 1000)::float8 AS at
       FROM ${saga} AS saga JOIN ${saga_history} AS h ON h.saga_id = saga.id WHERE saga.id = $1 ORDER BY h.seq`,
      [id],
    );
    const [first] = rows;
    if (first === undefined) return undefined;
    return { state: parseState(first.state), revision: first.revision, history: rows.map(entryOf) };
  }
}

interface HistoryRow {
  readonly state: string;
  readonly revision: number;
  readonly seq: number;
  readonly at: number;
  readonly event: string;
  readonly sent: string | null;
  readonly ignored: string | null;
}

function entryOf({ seq, at, event, sent, ignored }: HistoryRow): HistoryEntry {
  return {
    seq,
    at,
    event: parseSagaEvent(event),
    sent: sent === null ? [] : (JSON.parse(sent) as HistoryEntry['sent']),
    ...(ignored === null ? {} : { ignored: ignored as NonNullable<HistoryEntry['ignored']> }),
  };
}
