/* A saga driven through arbitrary events of participants, clocks and operators, in any order. */
import * as fc from 'fast-check';
import { ACTION_FORGOTTEN, type ReplyOutcome, type Parent } from '../src/contract';
import type { SagaDefinition } from '../src/definition';
import {
  sentOf,
  transition,
  type AnswerEvent,
  type HistoryEntry,
  type SagaEvent,
  type SagaState,
  type SendCommand,
  type TransitionResult,
} from '../src/engine';
import { signal } from './random-definition';

const SAGA_ID = '019b76da-a800-7000-8000-00005a6a7e57';
const STARTED_AT = Date.UTC(2026, 0, 1);

const PARENT: Parent = {
  sagaId: '019b76da-a800-7000-8000-0000000000aa',
  step: 'child',
  commandId: '019b76da-a800-7001-8000-0000000000aa',
};
const CHILD = { sagaId: SAGA_ID, definition: 'random', version: 1, input: { id: 'i' }, parent: PARENT };
const STARTED: SagaEvent = { kind: 'started', ...CHILD, secret: 'f0e1d2c3b4a59687' };
const TAKEN_BACK: SagaEvent = {
  kind: 'undo',
  ...CHILD,
  parent: { ...PARENT, commandId: '019b76da-a800-7002-8000-0000000000aa' },
};

/**
 * `unfinished`: a failure after a third party has acted; `forgotten`: its participant no longer remembers the action.
 */
type Kind = ReplyOutcome | 'unfinished' | 'forgotten' | 'broken';
type Move =
  | { readonly move: 'answer' | 'stale answer' | 'foreign answer'; readonly pick: number; readonly kind: Kind }
  | { readonly move: 'duplicate'; readonly pick: number }
  | { readonly move: 'wait'; readonly ms: number }
  | { readonly move: 'wake up'; readonly lateMs: number }
  | { readonly move: 'operate'; readonly kind: 'pause' | 'resume' | 'retry' | 'cancel' }
  | { readonly move: 'resolve'; readonly pick: number; readonly outcome: 'success' | 'failure' }
  | { readonly move: 'skip'; readonly pick: number }
  | { readonly move: 'signal'; readonly signal: string; readonly payload: unknown }
  | { readonly move: 'take back' | 'start again' | 'halt' | 'miss the definition' | 'find the definition' };

const picks = fc.nat({ max: 20 });
const kinds = fc.constantFrom<Kind>(
  ...(['success', 'success', 'success', 'success', 'failure', 'unfinished', 'forgotten', 'refusal', 'broken'] as const),
);
const moves: fc.Arbitrary<Move> = fc.oneof(
  { weight: 16, arbitrary: fc.record({ move: fc.constant('answer'), pick: picks, kind: kinds }) },
  {
    weight: 1,
    arbitrary: fc.record({ move: fc.constantFrom('stale answer', 'foreign answer'), pick: picks, kind: kinds }),
  },
  { weight: 1, arbitrary: fc.record({ move: fc.constant('duplicate'), pick: picks }) },
  { weight: 1, arbitrary: fc.record({ move: fc.constant('wait'), ms: fc.integer({ min: 0, max: 6_000 }) }) },
  { weight: 3, arbitrary: fc.record({ move: fc.constant('wake up'), lateMs: fc.constantFrom(0, 0, 1_000, 60_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      move: fc.constant('operate'),
      kind: fc.constantFrom('pause', 'resume', 'resume', 'retry', 'cancel'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({
        move: fc.constant('resolve'),
        pick: picks,
        outcome: fc.constantFrom<('success' | 'failure')[]>('success', 'failure'),
      }),
      fc.record({ move: fc.constant('skip'), pick: picks }),
      fc.record({ move: fc.constantFrom('take back', 'start again') }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      move: fc.constant('signal'),
      signal: fc.constantFrom(signal.name, signal.name, signal.name, 'unheard-of'),
      payload: fc.constantFrom({ id: 'yes' }, { id: 'yes' }, { id: 'no' }, 'nonsense'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ move: fc.constantFrom('halt', 'miss the definition', 'find the definition') }),
  },
);

export const randomMoves = fc.array(moves, { maxLength: 50, size: 'max' });

/** An event and its result. */
export interface Scene {
  readonly now: number;
  readonly before: SagaState | undefined;
  readonly event: SagaEvent;
  readonly turn: TransitionResult;
}

/** A saga during a walk. */
export class RandomWalk {
  readonly scenes: Scene[] = [];
  readonly history: HistoryEntry[] = [];
  readonly sends: SendCommand[] = [];
  private now = STARTED_AT;

  constructor(readonly definition: SagaDefinition) {
    this.take(STARTED);
  }

  get state(): SagaState {
    return (this.scenes.at(-1) as Scene).turn.state;
  }

  go(move: Move): void {
    const event = this.eventOf(move);
    if (event) this.take(event);
  }

  /** Answers success to everything awaited and resumes a paused saga; returns the number of events until the end. */
  succeed(atMost: number): number {
    const begun = this.scenes.length;
    while (this.state.endedAt === undefined && this.scenes.length - begun < atMost) {
      const [awaited] = this.awaited();
      if (this.state.status === 'PAUSED') this.go({ move: 'operate', kind: 'resume' });
      else if (awaited) this.take(answer(awaited, 'success'));
      else this.go({ move: 'wake up', lateMs: 0 });
    }
    return this.scenes.length - begun;
  }

  private take(event: SagaEvent): void {
    const before = this.scenes.at(-1)?.turn.state;
    const turn = transition(this.definition, before, event, this.now);
    this.scenes.push({ now: this.now, before, event, turn });
    this.sends.push(...turn.sends);
    const seq = this.history.length + 1;
    this.history.push({ seq, at: this.now, event, sent: sentOf(turn), ignored: turn.ignored });
  }

  private eventOf(move: Move): SagaEvent | undefined {
    switch (move.move) {
      case 'answer':
        return answerTo(pick(this.awaited(), move.pick), move.kind);
      case 'stale answer':
        return answerTo(pick(this.sends, move.pick), move.kind);
      case 'foreign answer':
        return answerTo(pick(this.sends, move.pick), move.kind, 'stranger');
      case 'duplicate':
        return pick(
          this.history.map(({ event }) => event).filter((event) => 'commandId' in event),
          move.pick,
        );
      case 'wait':
        this.now += move.ms;
        return { kind: 'time-passed' };
      case 'wake up':
        this.now = Math.max(this.now, this.state.wakeAt ?? 0) + move.lateMs;
        return { kind: 'time-passed' };
      case 'resolve':
        return this.atStep(move.pick, (step) => ({ kind: 'resolve', step, outcome: move.outcome, ...BY }));
      case 'skip':
        return this.atStep(move.pick, (step) => ({ kind: 'skip', step, ...BY }));
      case 'signal':
        return { kind: 'signalled', signal: move.signal, payload: move.payload };
      case 'take back':
        return TAKEN_BACK;
      case 'start again':
        return STARTED;
      case 'operate':
        return { kind: move.kind, ...BY };
      case 'miss the definition':
        return { kind: 'halted', because: 'definition-missing', detail: 'gone' };
      case 'find the definition':
        return { kind: 'definition-found', version: 1 };
      default:
        return { kind: 'halted', because: 'engine-fault', detail: 'a fault' };
    }
  }

  private atStep(nth: number, event: (step: string) => SagaEvent): SagaEvent | undefined {
    const step = pick(Object.keys(this.state.steps), nth);
    return step === undefined ? undefined : event(step);
  }

  /** The commands that wait for an answer. */
  private awaited(): readonly SendCommand[] {
    return this.sends.filter(({ step, commandId, again }) => {
      const exchange = this.state.steps[step]?.exchange;
      return !again && exchange?.waitsFor === 'reply' && exchange.commandId === commandId;
    });
  }
}

const BY = { by: 'ann', reason: 'a test' };

function pick<T>(from: readonly T[], nth: number): T | undefined {
  return from.length === 0 ? undefined : from[nth % from.length];
}

function answerTo(command: SendCommand | undefined, kind: Kind, from?: string): SagaEvent | undefined {
  return command && answer(command, kind, from);
}

function answer({ commandId, step, direction, command }: SendCommand, kind: Kind, from = command.service): AnswerEvent {
  const named = { commandId, step, direction, from };
  const objection = { reason: 'no' };
  switch (kind) {
    case 'success':
      return { kind: 'replied', ...named, reply: { by: commandId } };
    case 'refusal':
      return { kind: 'refused', ...named, objection };
    case 'failure':
      return { kind: 'failed', ...named, objection };
    case 'unfinished':
      return { kind: 'failed', ...named, objection: { ...objection, unfinished: true } };
    case 'forgotten':
      return { kind: 'failed', ...named, objection: { reason: ACTION_FORGOTTEN } };
    default:
      return { kind: 'broken', ...named, objection };
  }
}
