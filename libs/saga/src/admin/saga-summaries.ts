import type { DefinitionRegistry } from '../definition';
import type { SagaDiagnoses } from './diagnosis/saga-diagnoses';
import { maskOf } from './mask-of';
import { summaryOf } from './present';
import type { StoredSummary } from './saga-reader';
import type { SagaSummary } from './saga.view';

/** Sagas as lists and the live stream show them: without sensitive data, each with why it stands where it stands. */
export class SagaSummaries {
  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly diagnoses: Pick<SagaDiagnoses, 'summaries'>,
  ) {}

  async of(sagas: readonly StoredSummary[]): Promise<SagaSummary[]> {
    const diagnoses = await this.diagnoses.summaries(sagas.map(({ state }) => state));
    return sagas.map((saga) => {
      const { id, definition, version } = saga.state;
      const shown = { ...saga, state: maskOf(this.registry, saga.state).state };
      return { ...summaryOf(shown, this.registry.find(definition, version)), diagnosis: diagnoses.get(id) };
    });
  }
}
