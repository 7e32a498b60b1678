import type { AnswerEvent, SagaState, SendCommand } from '../../engine';
import type { InboxRow } from '../../deduplication';

/** A moment of an explored history: the saga, everything that was ever sent, and the world that the commands act on. */
export interface Scene {
  readonly saga: SagaState;
  readonly now: number;
  /**
   * Every command once, ordered by id, with its row in the participant's inbox. Messages are never used up: each may be
   * delivered now, later, twice or never, and so may its reply.
   */
  readonly messages: readonly Message[];
  readonly world: unknown;
  /** The services whose commands are held now. */
  readonly held: readonly string[];
}

export interface Message {
  readonly command: SendCommand;
  readonly row?: AnswerRow | undefined;
  /** How often its handler took effect: at most once. */
  readonly effects: number;
}

/** A row of the participant's inbox, and the stored reply as the orchestrator reads it. */
export interface AnswerRow extends InboxRow {
  readonly answer?: AnswerEvent | undefined;
}

/** True for a handled command that will not be received again, because another attempt replaced it. */
export function isSpent({ row, effects }: Message): boolean {
  return effects === 0 && row !== undefined && row.outcome === 'failure';
}
