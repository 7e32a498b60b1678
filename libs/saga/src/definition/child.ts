/* A child saga is a step of its parent: the parent sends a command to the orchestrator and waits for the reply. */
import { CHILDREN, milliseconds, START_SAGA, UNDO_SAGA, ConfigurationError, type CommandContract } from '../contract';
import { stepsOf, type CommandSpec, type SagaDefinition, type StepDefinition } from './definition';
import { exponential } from './retry-policy';
import type { ChildOptions } from './step-options';

/** The reason with which a compensated child refuses its parent's command. */
export const CHILD_COMPENSATED = 'child-compensated';

type StartChild<Input extends object> = CommandContract<Input, undefined, typeof CHILD_COMPENSATED>;
type UndoChild<Input extends object> = CommandContract<Input, undefined, never>;

interface Commands {
  readonly start: StartChild<object>;
  readonly undo: UndoChild<object>;
}

const known = new WeakMap<SagaDefinition, Commands>();

/** Returns the command that starts a child saga of this definition. */
export function startOf<Input extends object>(child: SagaDefinition<Input>): StartChild<Input> {
  return commandsOf(child).start as StartChild<Input>;
}

/** Returns the command that compensates a child saga of this definition, in any state. */
export function undoOf<Input extends object>(child: SagaDefinition<Input>): UndoChild<Input> {
  return commandsOf(child).undo as UndoChild<Input>;
}

/** Defines the step that runs a child: compensatable before the pivot, retriable after it. */
export function childStep(
  { saga, input, timeout = '1m' }: ChildOptions<SagaDefinition, never>,
  isAfterPivot: boolean,
): Omit<StepDefinition, 'name'> {
  if (isAfterPivot) mustNotFail(saga);
  else mustBeReversible(saga);
  const request = { payload: input, timeoutMs: milliseconds(timeout), ...CHILD_OPTIONS };
  return {
    kind: isAfterPivot ? 'retriable' : 'compensatable',
    child: saga,
    action: { command: startOf(saga), ...request },
    ...(isAfterPivot ? {} : { compensation: { command: undoOf(saga), ...request } }),
  };
}

/** The orchestrator replies when the child has ended; re-sends only serve when that reply was lost. */
const CHILD_OPTIONS: Pick<CommandSpec, 'attempts' | 'backoff' | 'attentionAfter'> = {
  attempts: Number.MAX_SAFE_INTEGER,
  backoff: exponential('200ms'),
  attentionAfter: Number.MAX_SAFE_INTEGER,
};

function mustBeReversible(child: SagaDefinition): void {
  const final = stepsOf(child).find(({ kind }) => kind === 'pivot' || kind === 'retriable');
  if (final === undefined) return;
  throw new ConfigurationError(
    `${child.name} cannot be compensated after its ${final.kind} ${final.name}; as a child before the pivot it must have compensatable steps only.`,
  );
}

function mustNotFail(child: SagaDefinition): void {
  const wavering = stepsOf(child).find(({ kind, wait }) => kind !== 'retriable' && !(wait?.otherwise && !wait.refusal));
  if (wavering === undefined) return;
  throw new ConfigurationError(
    `${child.name} may be compensated at its step ${wavering.name}; as a child after the pivot it must have retriable steps only.`,
  );
}

function commandsOf(child: SagaDefinition): Commands {
  const commands = known.get(child) ?? {
    start: { ...wire('start', child, START_SAGA), refusals: [CHILD_COMPENSATED] },
    undo: { ...wire('undo', child, UNDO_SAGA), refusals: [] },
  };
  known.set(child, commands);
  return commands;
}

function wire(
  verb: string,
  { name, version, input }: SagaDefinition,
  type: string,
): Omit<UndoChild<object>, 'refusals'> {
  return {
    name: `orchestrator.${verb}-${name}`,
    version,
    type,
    service: CHILDREN,
    payload: input,
    reply: undefined,
  };
}
