import type { SagaFilter, SagaSearch } from '../../store';
import type { SagaSummaries } from '../saga-summaries';
import type { SagaSummary } from '../saga.view';

/** Of some sagas those that match filters now, the newest first, as a list shows them. */
export interface MatchedSagas {
  readonly shown: readonly SagaSummary[];
  /** The ids of all that match. */
  readonly ids: ReadonlySet<string>;
}

/** Reads the sagas that match filters, of those that have changed. */
export class ChangedSagas {
  constructor(
    private readonly search: SagaSearch,
    private readonly summaries: Pick<SagaSummaries, 'of'>,
  ) {}

  /** Reads the states of `limit` sagas at most. */
  async matching(filter: SagaFilter, changed: readonly string[], limit: number): Promise<MatchedSagas> {
    const { ids, newest } = await this.search.among(changed, filter, limit);
    return { shown: await this.summaries.of(newest), ids: new Set(ids) };
  }
}
