/*
 * Counts which events met which states of a step. A pair is known when it is possible in some scene, and covered when
 * the event was applied there by the engine or the participant.
 */
import type { SagaState, StepState } from '../../engine';
import { wakeUpOf, type Move } from './moves';
import type { Message, Scene } from './scene';

export class Coverage {
  private readonly known = new Set<string>();
  private readonly covered = new Set<string>();

  get pairs(): number {
    return this.known.size;
  }

  /** The covered share of the known pairs; 1 when all of them are. */
  get share(): number {
    return this.known.size === 0 ? 1 : this.covered.size / this.known.size;
  }

  cover(scene: Scene, move: Move): void {
    for (const pair of pairsOf(scene, move)) {
      this.known.add(pair);
      this.covered.add(pair);
    }
  }

  /** Adds these moves, all that are possible in this scene, to the known pairs. */
  know(scene: Scene, moves: readonly Move[]): void {
    for (const move of moves) for (const pair of pairsOf(scene, move)) this.known.add(pair);
  }

  /** True when this move covers a pair that was not covered before. */
  isNew(scene: Scene, move: Move): boolean {
    return pairsOf(scene, move).some((pair) => !this.covered.has(pair));
  }
}

function pairsOf(scene: Scene, move: Move): readonly string[] {
  const { saga, messages } = scene;
  switch (move.kind) {
    case 'handle': {
      const { outcome } = move;
      return [
        messagePair(scene, messages[move.place] as Message, outcome.kind === 'refusal' ? outcome.reason : outcome.kind),
      ];
    }
    case 'answer':
      return [messagePair(scene, messages[move.place] as Message, 'answer')];
    case 'resolve':
      return [messagePair(scene, messages[move.place] as Message, 'resolve')];
    case 'skip':
      return [`${stepLabel(move.step, saga)} skip`];
    case 'wait':
      return dueSteps(saga, move.until).map((name) => `${stepLabel(name, saga)} time`);
    case 'signal':
      return [`${sagaLabel(saga)} ${move.signal} ${JSON.stringify(move.payload)}`];
    case 'hold':
    case 'release':
      return [`${sagaLabel(saga)} ${move.kind} ${move.service}`];
    case 'probe':
      return [`${stepLabel(move.step, saga)} probe`];
    case 'operate':
      return [sagaLabel(saga), ...liveSteps(saga)].map((label) => `${label} ${move.action}`);
    default:
      return [`${sagaLabel(saga)} start`];
  }
}

function messagePair({ saga }: Scene, { command, row }: Message, event: string): string {
  const { step, direction, commandId } = command;
  const { exchange } = saga.steps[step] ?? {};
  const awaited = exchange?.commandId === commandId && exchange.waitsFor === 'reply';
  return `${stepLabel(step, saga)} ${direction} ${row?.outcome ?? 'new'} ${awaited ? 'awaited' : 'late'} ${event}`;
}

function sagaLabel({ status, stage }: SagaState): string {
  return `${status} ${stage}`;
}

/** All branches of a forEach count as one step. */
function stepLabel(name: string, { status, steps }: SagaState): string {
  const { status: of, exchange, held } = steps[name] as StepState;
  const defined = name.replace(/\[\d+\]$/, '');
  return `${defined} ${of} ${exchange?.waitsFor ?? ''} ${held ? 'held' : ''} ${status === 'PAUSED' ? 'paused' : ''}`;
}

function liveSteps(saga: SagaState): readonly string[] {
  return Object.entries(saga.steps)
    .filter(([, { exchange, awaitsUntil }]) => exchange !== undefined || awaitsUntil !== undefined)
    .map(([name]) => stepLabel(name, saga));
}

function dueSteps({ steps }: SagaState, until: number): readonly string[] {
  return Object.entries(steps)
    .filter(([, step]) => (wakeUpOf(step) ?? step.awaitsUntil ?? Infinity) <= until)
    .map(([name]) => name);
}
