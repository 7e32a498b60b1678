import type { CommandContract, Direction } from '../contract';
import { stepsOf, type DefinitionRegistry, type CommandSpec } from '../definition';
import type { FaultNote, FaultRecorder } from '../messaging';
import type { SagaRunner } from './saga-runner';
import type { SagaStore } from './saga-store';

/** Records faults in the histories of the sagas that they hit. */
export class HistoryFaultRecorder implements FaultRecorder {
  readonly commands: FaultRecorder['commands'];

  constructor(
    registry: DefinitionRegistry,
    private readonly store: SagaStore,
    private readonly runner: SagaRunner,
  ) {
    this.commands = commandsOf(registry);
  }

  async note(sagaId: string, note: FaultNote): Promise<boolean> {
    const { rows } = await this.store.pool.query<{ noted: boolean }>(
      `SELECT EXISTS (SELECT FROM saga_history WHERE saga_id = $1 AND strpos(event, $2) > 0) AS noted
       FROM saga WHERE id = $1`,
      [sagaId, note.hitId],
    );
    const [saga] = rows;
    if (saga === undefined) return false;
    if (!saga.noted) await this.runner.advance([{ sagaId, event: { kind: 'fault-struck', ...note } }]);
    return true;
  }
}

function commandsOf(registry: DefinitionRegistry): FaultRecorder['commands'] {
  const found = new Map<string, { contract: CommandContract; directions: Direction[] }>();
  const add = (direction: Direction, commandSpec: CommandSpec | undefined): void => {
    if (commandSpec === undefined) return;
    const { command: contract } = commandSpec;
    const { directions } = found.get(contract.type) ?? { directions: [] };
    found.set(contract.type, { contract, directions: [...new Set([...directions, direction])] });
  };
  for (const { action, compensation } of registry.all().flatMap(stepsOf)) {
    add('action', action);
    add('compensation', compensation);
  }
  return [...found.values()];
}
