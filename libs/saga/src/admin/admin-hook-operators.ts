import type { HookOperators, RecordHookChange } from '../messaging';
import { appendAction } from '../operator-log';
import type { SagaStore } from '../store';
import type { AccessGuard, AccessRequest } from './access';
import { actorOf, type Request } from './operator';

/** Lets operators change what is hooked in, and records their changes in the operator log. */
export class AdminHookOperators implements HookOperators {
  constructor(
    private readonly access: AccessGuard,
    private readonly store: SagaStore,
  ) {}

  async admit(request: AccessRequest & Request): Promise<RecordHookChange> {
    await this.access.admit(request, 'operator');
    const actor = actorOf(request);
    return (client, change) => appendAction(client, this.store.tables, { actor, ...change });
  }
}
