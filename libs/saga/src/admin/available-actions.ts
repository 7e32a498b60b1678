import type { DefinitionRegistry } from '../definition';
import type { OperatorEvent, SagaState } from '../engine';
import { previewEvent } from '../runner';

export const SAGA_ACTIONS = ['pause', 'resume', 'retry', 'cancel'] as const satisfies readonly OperatorEvent['kind'][];
export const STEP_ACTIONS = ['resolve', 'skip'] as const satisfies readonly OperatorEvent['kind'][];
export const ACTIONS = [...SAGA_ACTIONS, ...STEP_ACTIONS] as const;
/** Operator actions on a saga that its definition, and not the engine, waits for. */
export const SIGNAL_ACTIONS = ['signal'] as const;
/** Operator actions that concern no single saga: to place and to end a hold. */
export const HOLD_ACTIONS = ['hold', 'release'] as const;
/** What operators do to a dead letter beside deciding on it: `reveal` shows its whole message. */
export const LETTER_ACTIONS = ['reveal'] as const;
/** Operator actions on a bulk action; `begin` creates it. */
export const BULK_ACTION_ACTIONS = ['begin', 'pause', 'resume', 'stop'] as const;

/** Operator actions on what is hooked in, such as faults on demand. */
export const HOOK_ACTIONS = ['arm', 'change', 'disarm'] as const;

export type SagaAction = (typeof SAGA_ACTIONS)[number];
export type StepAction = (typeof STEP_ACTIONS)[number];
export type Action = SagaAction | StepAction;

type ActionRequest = OperatorEvent extends infer Event
  ? Event extends OperatorEvent
    ? Omit<Event, 'by' | 'reason'>
    : never
  : never;

/** Finds the actions that would take effect on a saga now, by trying each on the engine. */
export class AvailableActions {
  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly state: SagaState,
    private readonly now: number,
  ) {}

  ofSaga(): SagaAction[] {
    return SAGA_ACTIONS.filter((kind) => this.rejectionOf({ kind }) === undefined);
  }

  ofStep(step: string): StepAction[] {
    return STEP_ACTIONS.filter((kind) => (kind === 'skip' ? this.canSkip(step) : this.canResolve(step)));
  }

  private canSkip(step: string): boolean {
    return this.rejectionOf({ kind: 'skip', step }) === undefined;
  }

  private canResolve(step: string): boolean {
    const rejection = this.rejectionOf({ kind: 'resolve', step, outcome: 'success' });
    // Only the reply is missing, which the contract requires.
    return rejection === undefined || rejection === 'invalid-reply';
  }

  private rejectionOf(request: ActionRequest): string | undefined {
    const saga = { state: this.state, revision: 0, armedAt: undefined };
    const decision = previewEvent(this.registry, saga, { ...request, by: '', reason: '' }, this.now);
    return decision.kind === 'effective' ? undefined : decision.because;
  }
}
