import type { SagaFilter, SagaSearch } from '../../store';
import type { SagaDetails } from '../saga-details';
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
    private readonly details: Pick<SagaDetails, 'summaryOf'>,
  ) {}

  /** Reads the states of `limit` sagas at most. */
  async matching(filter: SagaFilter, changed: readonly string[], limit: number): Promise<MatchedSagas> {
    const { ids, newest } = await this.search.among(changed, filter, limit);
    return { shown: newest.map((saga) => this.details.summaryOf(saga)), ids: new Set(ids) };
  }
}
