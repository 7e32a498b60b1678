import type { DefinitionRegistry } from '../definition';
import { availableActions } from './available-actions';
import { noSuchSaga } from './not-taken';
import { detailOf } from './present';
import type { SagaReader } from './saga-reader';
import type { SagaDetail } from './saga.view';

/** Sagas with all that the admin API shows of one. */
export class SagaDetails {
  constructor(
    private readonly reader: SagaReader,
    private readonly registry: DefinitionRegistry,
  ) {}

  /** Throws 404 when no saga has this id. */
  async find(id: string): Promise<SagaDetail> {
    const found = await this.reader.find(id);
    if (found === undefined) throw noSuchSaga(id);
    const { definition, version } = found.state;
    const available = availableActions(this.registry, found, Date.now());
    return detailOf(found, this.registry.find(definition, version), available);
  }
}
