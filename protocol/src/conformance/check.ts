import type { Command } from '@palinode/saga/contract';
import type { Values } from './example-payload';
import type { ParticipantContract } from './participant-contract';
import type { PlayedOrchestrator } from './played-orchestrator';
import type { PlayedSaga } from './played-saga';

/** The input of a check. */
export interface Play {
  readonly contract: ParticipantContract;
  readonly orchestrator: PlayedOrchestrator;
  /** A new saga. */
  readonly saga: () => Promise<PlayedSaga>;
  /** Counts the effects for these values; undefined when the user has given no way to count them. */
  readonly effects: (values: Values) => Promise<number | undefined>;
}

/** One requirement for a participant. */
export interface Check {
  /** The rules of docs/protocol.md that it checks. */
  readonly rules: readonly number[];
  /** For example `answers a duplicate with the first reply`. */
  readonly promise: string;
  /** Runs the check and records problems; throws when it cannot continue. */
  readonly play: (play: Play, notes: Notes) => Promise<void>;
}

/** Records what a check did, what it observed, and the problems. */
export class Notes {
  readonly did: string[] = [];
  readonly saw: string[] = [];
  readonly wrong: string[] = [];

  /** Records a problem unless the condition is true. */
  expect(holds: boolean, wrong: string): void {
    if (!holds) this.wrong.push(wrong);
  }
}

export function short({ type, id }: Pick<Command, 'type' | 'id'>): string {
  return `${type} (…${id.slice(-6)})`;
}
