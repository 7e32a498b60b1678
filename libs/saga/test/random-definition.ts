/* Arbitrary saga definitions, for properties that hold for all of them. */
import { IsString } from 'class-validator';
import * as fc from 'fast-check';
import { defineCommand, defineSignal, type CommandContract } from '../src/contract';
import {
  startOf,
  undoOf,
  type CommandSpec,
  type SagaDefinition,
  type StageDefinition,
  type StepDefinition,
  type StepKind,
} from '../src/definition';

export class RandomInput {
  @IsString() id!: string;
}

type Policy = Omit<CommandSpec, 'command' | 'payload'>;

const policies: fc.Arbitrary<Policy> = fc.record({
  timeoutMs: fc.integer({ min: 1, max: 5_000 }),
  attempts: fc.integer({ min: 1, max: 3 }),
  attentionAfter: fc.integer({ min: 1, max: 4 }),
  backoff: fc.record({ firstMs: fc.integer({ min: 1, max: 500 }), factor: fc.constant(2), capMs: fc.constant(2_000) }),
});

/** The shape of a step besides its kind. */
interface Shape {
  readonly condition: boolean | undefined;
  readonly child: boolean;
}

/** A stage: several parallel steps, or one step per item. */
interface Stage {
  readonly steps: readonly Shape[];
  readonly items: number | undefined;
  readonly wait: 'none' | 'with a default' | 'that may refuse';
}

export const signal = defineSignal('go-on', { payload: RandomInput });

const shapes: fc.Arbitrary<Shape> = fc.record({
  condition: fc.constantFrom(undefined, undefined, undefined, true, false),
  child: fc.constantFrom(false, false, false, true),
});

const stagesOf = (branches: number, maxLength: number): fc.Arbitrary<Stage[]> =>
  fc.array(
    fc.record({
      steps: fc.array(shapes, { minLength: 1, maxLength: branches }),
      items: fc.option(fc.integer({ min: 0, max: 4 }), { freq: 4, nil: undefined }),
      wait: fc.constantFrom('none', 'none', 'none', 'with a default', 'that may refuse'),
    }),
    { maxLength },
  );

const sketches = fc
  .record({
    compensation: fc.boolean(),
    compensatable: stagesOf(3, 3),
    pivot: fc.boolean(),
    retriable: stagesOf(2, 2),
    policy: policies,
    deadlineMs: fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined }),
  })
  .filter(({ compensatable, pivot, retriable }) => compensatable.length > 0 || pivot || retriable.length > 0);

/**
 * Stages of compensatable steps, optionally a compensation before and a pivot after them, then retriables; of every
 * shape.
 */
export const randomDefinitions: fc.Arbitrary<SagaDefinition> = sketches.map(
  ({ compensation, compensatable, pivot, retriable, policy, deadlineMs }) => {
    const stages = [
      ...(compensation ? [{ steps: [stepOf('compensation', 'before', policy)] }] : []),
      ...compensatable.map((stage, index) => stageOf('compensatable', `c${index}`, stage, policy)),
      ...(pivot ? [{ steps: [stepOf('pivot', 'pivot', policy)] }] : []),
      ...retriable.map((stage, index) => stageOf('retriable', `r${index}`, stage, policy)),
    ];
    return { name: 'random', version: 1, input: RandomInput, deadlineMs, stages };
  },
);

function stageOf(kind: StepKind, name: string, { steps, items, wait }: Stage, policy: Policy): StageDefinition {
  const [first] = steps;
  if (items !== undefined && first) {
    const forEach = { items: () => Array.from({ length: items }, (_, index) => `item ${index}`), concurrency: 2 };
    return { steps: [{ ...shaped(kind, name, { ...first, condition: undefined }, policy), forEach }] };
  }
  const branches = steps.map((shape, branch) => shaped(kind, `${name}-${branch}`, shape, policy));
  return { steps: wait === 'none' ? branches : [...branches, waitOf(kind, `${name}-wait`, wait, policy)] };
}

function waitOf(kind: StepKind, name: string, wait: Stage['wait'], { timeoutMs }: Policy): StepDefinition {
  const mayRefuse = wait === 'that may refuse' && kind === 'compensatable';
  return {
    name,
    kind: 'wait',
    wait: {
      signal,
      timeoutMs,
      otherwise: mayRefuse ? undefined : () => ({ id: 'yes' }),
      refusal: mayRefuse
        ? (scope: { signal: RandomInput }) => (scope.signal.id === 'no' ? 'no' : undefined)
        : undefined,
    },
  };
}

function shaped(kind: StepKind, name: string, { condition, child }: Shape, policy: Policy): StepDefinition {
  const step = child ? childOf(kind, name, policy) : stepOf(kind, name, policy);
  return condition === undefined ? step : { ...step, when: () => condition };
}

function stepOf(kind: StepKind, name: string, policy: Policy): StepDefinition {
  return {
    name,
    kind,
    action: kind === 'compensation' ? undefined : commandSpec(commandNamed(`${name}.act`), policy),
    compensation:
      kind === 'compensation' || kind === 'compensatable'
        ? commandSpec(commandNamed(`${name}.undo`), policy)
        : undefined,
  };
}

function childOf(kind: StepKind, name: string, policy: Policy): StepDefinition {
  const commandOptions = { ...policy, attempts: Number.MAX_SAFE_INTEGER, attentionAfter: Number.MAX_SAFE_INTEGER };
  return {
    name,
    kind,
    child: CHILD,
    action: commandSpec(startOf(CHILD), commandOptions),
    compensation: kind === 'compensatable' ? commandSpec(undoOf(CHILD), commandOptions) : undefined,
  };
}

const CHILD: SagaDefinition = { name: 'child', version: 1, input: RandomInput, stages: [] };

function commandSpec(command: CommandContract, policy: Policy): CommandSpec {
  return {
    ...policy,
    command,
    // The payload contains everything the mapper sees, so that payloads are equal only if their scopes are.
    payload: (scope: unknown) => ({ id: JSON.stringify(scope) }),
  };
}

const commands = new Map<string, CommandContract>();

/** Cached, because making a schema takes longer than running a whole saga. */
function commandNamed(name: string): CommandContract {
  const command = commands.get(name) ?? defineCommand(name, { payload: RandomInput });
  commands.set(name, command);
  return command;
}
