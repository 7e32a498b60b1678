import type { Direction } from '../contract';
import type { SagaDefinition } from '../definition';
import type { Ignored, SagaEvent, TransitionResult } from './event';
import type { SagaState } from './state';
import { transition } from './transition';

/** An entry of a saga's history: what happened, when, what it sent, and why it changed nothing if it was ignored. */
export interface HistoryEntry {
  /** 1, 2, … without gaps; the last one is the saga's revision. */
  readonly seq: number;
  readonly at: number;
  readonly event: SagaEvent;
  readonly sent: readonly SentCommand[];
  readonly ignored?: Ignored | undefined;
}

/** A command in the history, without its payload, which follows from folding the history up to here. */
export interface SentCommand {
  readonly commandId: string;
  readonly command: string;
  readonly step: string;
  readonly direction: Direction;
  readonly attempt: number;
  readonly again: boolean;
}

export function sentOf({ sends }: TransitionResult): readonly SentCommand[] {
  return sends.map(({ commandId, command, step, direction, attempt, again }) => ({
    commandId,
    command: command.name,
    step,
    direction,
    attempt,
    again,
  }));
}

/** Returns the state that a history leads to (rule 8). */
export function fold(definition: SagaDefinition, history: readonly HistoryEntry[]): SagaState | undefined {
  return history.reduce<SagaState | undefined>(
    (state, { event, at }) => transition(definition, state, event, at).state,
    undefined,
  );
}
