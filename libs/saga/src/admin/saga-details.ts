import type { DefinitionRegistry } from '../definition';
import type { DeadLetterStore } from '../dead-letters';
import type { Holds } from '../holds';
import type { ParticipantMemory } from '../runner';
import { AvailableActions } from './available-actions';
import { letterSummaryOf } from './dead-letters/present-dead-letter';
import { maskOf } from './mask-of';
import { noSuchSaga } from './not-taken';
import { detailOf } from './present';
import { compensableUntil } from './compensable-until';
import type { SagaReader } from './saga-reader';
import type { SagaDetail } from './saga.view';

/** The list of dead letters has the rest. */
const MOST_LETTERS = 20;

interface SagaDetailsParts {
  readonly registry: DefinitionRegistry;
  readonly deadLetters: DeadLetterStore;
  readonly memory: ParticipantMemory;
  readonly holds: Holds;
}

/** Reads a saga with everything that the admin API shows about it. */
export class SagaDetails {
  constructor(
    private readonly reader: SagaReader,
    private readonly parts: SagaDetailsParts,
  ) {}

  /** Throws 404 when no saga has this id. */
  async find(id: string): Promise<SagaDetail> {
    const { registry, deadLetters, memory, holds } = this.parts;
    const [found, letters] = await Promise.all([
      this.reader.find(id),
      deadLetters.list({ sagaId: id }, undefined, MOST_LETTERS),
    ]);
    if (found === undefined) throw noSuchSaga(id, await this.reader.withSubject(id));
    const { state, history } = found;
    const mask = maskOf(registry, state);
    const shown = { ...found, state: mask.state, history: history.map((entry) => mask.entry(entry)) };
    const definition = registry.find(state.definition, state.version);
    const available = new AvailableActions(registry, state, Date.now());
    const until = definition && memory.undoableUntil(state, definition);
    const detail = {
      ...detailOf(shown, definition, available, holds),
      ...(until === undefined ? {} : compensableUntil(state, until)),
    };
    const shownLetters = letters.map((letter) => letterSummaryOf({ ...letter, detail: mask.text(letter.detail) }));
    return { ...detail, deadLetters: shownLetters };
  }
}
