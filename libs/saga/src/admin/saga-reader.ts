import type { HistoryEntry, SagaState } from '../engine';
import type { SearchAttribute } from '../contract';
import {
  parseSagaEvent,
  parseState,
  SagaSearch,
  shownAttributes,
  type FoundSaga,
  type SagaFilter,
  type SagaStore,
} from '../store';
import { cursorOf, placeIn } from './saga-cursor';

export interface StoredHistory extends StoredSummary {
  readonly history: readonly HistoryEntry[];
}

/** A saga as it is stored, and the attributes by which it is found. */
export interface StoredSummary {
  readonly state: SagaState;
  readonly revision: number;
  readonly attributes: readonly SearchAttribute[];
}

/** How many sagas are counted at most. */
const MOST_COUNTED = 10_000;
/** How many sagas with a business key are named when it was taken for an id. */
const MOST_NAMED = 5;

/** Reads sagas for the admin API; message processing does not use it. */
export class SagaReader {
  readonly search: SagaSearch;

  constructor(private readonly store: SagaStore) {
    this.search = new SagaSearch(store);
  }

  /** Returns a page of sagas, and how many there are if it is the first page. */
  async list(
    filter: SagaFilter,
    { sort = 'newest', cursor, limit }: { sort?: 'newest' | 'oldest'; cursor?: string | undefined; limit: number },
  ): Promise<{ items: FoundSaga[]; next?: string; total?: { count: number; atLeast: boolean } }> {
    const after = cursor === undefined ? undefined : placeIn(cursor);
    const prepared = await this.search.prepare(filter);
    const [found, counted] = await Promise.all([
      this.search.page(prepared, { oldestFirst: sort === 'oldest', after, limit: limit + 1 }),
      after === undefined ? this.search.count(prepared, MOST_COUNTED + 1) : undefined,
    ]);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return {
      items,
      ...(found.length > limit && last ? { next: cursorOf(last.place) } : {}),
      ...(counted === undefined
        ? {}
        : { total: { count: Math.min(counted, MOST_COUNTED), atLeast: counted > MOST_COUNTED } }),
    };
  }

  /** Returns the newest sagas with this business key. */
  async withSubject(subject: string): Promise<FoundSaga[]> {
    return this.search.page(await this.search.prepare({ subject }), { oldestFirst: false, limit: MOST_NAMED });
  }

  /** Returns a saga with its history, as of one instant. */
  async find(id: string): Promise<StoredHistory | undefined> {
    const { saga, saga_history } = this.store.tables;
    const { rows } = await this.store.pool.query<HistoryRow>(
      `SELECT saga.state, saga.revision, saga.attributes, h.seq, h.event, h.sent, h.ignored, (extract(epoch FROM h.at) * 1000)::float8 AS at
       FROM ${saga} AS saga JOIN ${saga_history} AS h ON h.saga_id = saga.id WHERE saga.id = $1 ORDER BY h.seq`,
      [id],
    );
    const [first] = rows;
    if (first === undefined) return undefined;
    const { state, revision, attributes } = first;
    return {
      state: parseState(state),
      revision,
      attributes: shownAttributes(attributes),
      history: rows.map(entryOf),
    };
  }
}

interface HistoryRow {
  readonly state: string;
  readonly revision: number;
  readonly attributes: string | null;
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
