import type { Command } from '@palinode/saga/contract';
import type { Values } from './example-payload';
import type { ParticipantContract } from './participant-contract';
import type { PlayedOrchestrator } from './played-orchestrator';
import type { PlayedSaga } from './played-saga';

/** What a check works with. */
export interface Play {
  readonly contract: ParticipantContract;
  readonly orchestrator: PlayedOrchestrator;
  /** A saga of its own. */
  readonly saga: () => Promise<PlayedSaga>;
  /** How many effects there are for these values, where the user says how to count them. */
  readonly effects: (values: Values) => Promise<number | undefined>;
}

/** One thing that a participant must do. */
export interface Check {
  /** The rules of docs/protocol.md that it holds the participant to. */
  readonly rules: readonly number[];
  /** As in `answers a duplicate by the first reply`. */
  readonly promise: string;
  /** Plays it, and notes what is wrong; throws where it cannot go on. */
  readonly play: (play: Play, notes: Notes) => Promise<void>;
}

/** What a check did, what it saw, and what was wrong with that. */
export class Notes {
  readonly did: string[] = [];
  readonly saw: string[] = [];
  readonly wrong: string[] = [];

  /** Notes that something is wrong unless it holds. */
  expect(holds: boolean, wrong: string): void {
    if (!holds) this.wrong.push(wrong);
  }
}

export function short({ type, id }: Pick<Command, 'type' | 'id'>): string {
  return `${type} (…${id.slice(-6)})`;
}
