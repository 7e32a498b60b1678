import type { DefinitionRegistry } from '../definition';
import type { DeadLetterStore } from '../orchestrator/dead-letters/dead-letter-store';
import type { Holds } from '../orchestrator/holds/holds';
import type { ParticipantMemory } from '../orchestrator/participant-memory';
import { AvailableActions } from './available-actions';
import { letterSummaryOf } from './dead-letters/present-dead-letter';
import { noSuchSaga } from './not-taken';
import { detailOf } from './present';
import { compensableUntil } from './compensable-until';
import type { SagaReader } from './saga-reader';
import type { SagaDetail } from './saga.view';

/** The list of dead letters has the rest. */
const MOST_LETTERS = 20;

/** Reads a saga with everything that the admin API shows about it. */
export class SagaDetails {
  constructor(
    private readonly reader: SagaReader,
    private readonly registry: DefinitionRegistry,
    private readonly deadLetters: DeadLetterStore,
    private readonly memory: ParticipantMemory,
    private readonly holds: Holds,
  ) {}

  /** Throws 404 when no saga has this id. */
  async find(id: string): Promise<SagaDetail> {
    const [found, letters] = await Promise.all([
      this.reader.find(id),
      this.deadLetters.list({ sagaId: id }, undefined, MOST_LETTERS),
    ]);
    if (found === undefined) throw noSuchSaga(id);
    const { state } = found;
    const definition = this.registry.find(state.definition, state.version);
    const available = new AvailableActions(this.registry, state, Date.now());
    const until = definition && this.memory.undoableUntil(state, definition);
    const detail = {
      ...detailOf(found, definition, available, this.holds),
      ...(until === undefined ? {} : compensableUntil(state, until)),
    };
    return { ...detail, deadLetters: letters.map(letterSummaryOf) };
  }
}
