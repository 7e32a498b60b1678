import { parseState, sagaConditions, type SagaFilter, type SagaStore } from '../../store';
import { summaryOf } from '../present';
import type { SagaSummary } from '../saga.view';

/** Of some sagas those that match filters now, the newest first, as a list shows them. */
export interface MatchedSagas {
  readonly shown: readonly SagaSummary[];
  /** The ids of all that match. */
  readonly ids: ReadonlySet<string>;
}

interface Row {
  readonly id: string;
  readonly state: string | null;
  readonly revision: number;
}

/** Reads the sagas that match filters, of those that have changed. */
export class ChangedSagas {
  constructor(private readonly store: SagaStore) {}

  /** Reads the states of `limit` sagas at most. */
  async matching(filter: SagaFilter, changed: readonly string[], limit: number): Promise<MatchedSagas> {
    const conditions = sagaConditions(filter, this.store.tables);
    conditions.addWhole(`saga.id = ANY (${conditions.parameter(changed)}::uuid[])`);
    const isShown = `row_number() OVER (ORDER BY id DESC) <= ${conditions.parameter(limit)}`;
    const { rows } = await this.store.pool.query<Row>(
      `SELECT id, CASE WHEN ${isShown} THEN state END AS state, revision
       FROM ${this.store.tables.saga} AS saga ${conditions.where} ORDER BY id DESC`,
      conditions.values,
    );
    return {
      shown: rows.flatMap(({ state, revision }) => (state === null ? [] : summaryOf(parseState(state), revision))),
      ids: new Set(rows.map(({ id }) => id)),
    };
  }
}
