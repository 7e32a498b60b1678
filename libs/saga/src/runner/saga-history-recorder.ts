import type { HistoryNote, HistoryRecorder } from '../messaging';
import { NOTE_KINDS } from '../store';
import type { SagaStore } from '../store';
import type { SagaRunner } from './saga-runner';

/** Writes notes into the histories of sagas, as events that change nothing. */
export class SagaHistoryRecorder implements HistoryRecorder {
  constructor(
    private readonly store: SagaStore,
    private readonly runner: SagaRunner,
  ) {}

  async note(sagaId: string, id: string, note: HistoryNote): Promise<boolean> {
    if (!NOTE_KINDS.has(note.kind))
      throw new Error(`No history could be read with a note of the kind ${note.kind}; add it to NOTE_KINDS.`);
    const { saga: table, saga_history } = this.store.tables;
    const { rows } = await this.store.pool.query<{ noted: boolean }>(
      `SELECT EXISTS (SELECT FROM ${saga_history} WHERE saga_id = $1 AND strpos(event, $2) > 0) AS noted
       FROM ${table} WHERE id = $1`,
      [sagaId, id],
    );
    const [saga] = rows;
    if (saga === undefined) return false;
    if (!saga.noted) await this.runner.advance([{ sagaId, event: { kind: 'noted', note } }]);
    return true;
  }
}
