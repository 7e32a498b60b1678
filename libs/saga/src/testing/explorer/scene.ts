import type { AnswerEvent, SagaState, SendCommand } from '../../engine';
import type { InboxRow } from '../../deduplication';

/** A moment of an explored history: the saga, everything that was ever sent, and the world that the commands act on. */
export interface Scene {
  readonly saga: SagaState;
  readonly now: number;
  /**
   * Every command once, in the order of their ids, with what its participant has kept. Messages are never used up: each
   * may be delivered now, later, twice or never, and so may its answer.
   */
  readonly posts: readonly Post[];
  readonly world: unknown;
  /** The services whose commands are held now. */
  readonly held: readonly string[];
}

export interface Post {
  readonly command: SendCommand;
  readonly row?: KeptRow | undefined;
  /** How often its handler took effect: once at most. */
  readonly effects: number;
}

/** A row of the participant's inbox, and the answer that it keeps as the orchestrator reads it. */
export interface KeptRow extends InboxRow {
  readonly answer?: AnswerEvent | undefined;
}

/** A command that has its end and will not be heard of again: another attempt took its place. */
export function isSpent({ row, effects }: Post): boolean {
  return effects === 0 && row !== undefined && row.outcome === 'failure';
}
