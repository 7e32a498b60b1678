import type { DefinitionRegistry } from '../definition';
import type { DeadLetterStore } from '../orchestrator/dead-letters/dead-letter-store';
import { AvailableActions } from './available-actions';
import { letterSummaryOf } from './dead-letters/present-dead-letter';
import { noSuchSaga } from './not-taken';
import { detailOf } from './present';
import type { SagaReader } from './saga-reader';
import type { SagaDetail } from './saga.view';

/** The list of dead letters has the others. */
const MOST_LETTERS = 20;

/** Sagas with all that the admin API shows of one. */
export class SagaDetails {
  constructor(
    private readonly reader: SagaReader,
    private readonly registry: DefinitionRegistry,
    private readonly deadLetters: DeadLetterStore,
  ) {}

  /** Throws 404 when no saga has this id. */
  async find(id: string): Promise<SagaDetail> {
    const [found, letters] = await Promise.all([
      this.reader.find(id),
      this.deadLetters.list({ sagaId: id }, undefined, MOST_LETTERS),
    ]);
    if (found === undefined) throw noSuchSaga(id);
    const { definition, version } = found.state;
    const available = new AvailableActions(this.registry, found.state, Date.now());
    const detail = detailOf(found, this.registry.find(definition, version), available);
    return { ...detail, deadLetters: letters.map(letterSummaryOf) };
  }
}
