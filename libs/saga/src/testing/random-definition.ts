/* Arbitrary saga definitions, for properties that must hold of all of them. */
import { IsString } from 'class-validator';
import * as fc from 'fast-check';
import { defineCommand, type CommandContract } from '../contract';
import type { Invocation, SagaDefinition, StageDefinition, StepDefinition, StepKind } from '../definition';

export class RandomInput {
  @IsString() id!: string;
}

type Policy = Omit<Invocation, 'command' | 'payload'>;

const policies: fc.Arbitrary<Policy> = fc.record({
  timeoutMs: fc.integer({ min: 1, max: 5_000 }),
  attempts: fc.integer({ min: 1, max: 3 }),
  attentionAfter: fc.integer({ min: 1, max: 4 }),
  backoff: fc.record({ firstMs: fc.integer({ min: 1, max: 500 }), factor: fc.constant(2), capMs: fc.constant(2_000) }),
});

/** How many steps run together in each stage of a kind. */
const stagesOfUpTo = (branches: number, maxLength: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 1, max: branches }), { maxLength });

const shapes = fc
  .record({
    compensation: fc.boolean(),
    compensatable: stagesOfUpTo(3, 3),
    pivot: fc.boolean(),
    retriable: stagesOfUpTo(2, 2),
    policy: policies,
    deadlineMs: fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined }),
  })
  .filter(({ compensatable, pivot, retriable }) => compensatable.length > 0 || pivot || retriable.length > 0);

/** Stages of up to three compensatable steps, perhaps a compensation before and a pivot after them, then retriables. */
export const randomDefinitions: fc.Arbitrary<SagaDefinition> = shapes.map(
  ({ compensation, compensatable, pivot, retriable, policy, deadlineMs }) => {
    const kinds: StepKind[][] = [
      ...(compensation ? [['compensation'] satisfies StepKind[]] : []),
      ...compensatable.map((branches) => Array<StepKind>(branches).fill('compensatable')),
      ...(pivot ? [['pivot'] satisfies StepKind[]] : []),
      ...retriable.map((branches) => Array<StepKind>(branches).fill('retriable')),
    ];
    const stages = kinds.map((stage, index) => stageOf(stage, index, policy));
    return { name: 'random', version: 1, input: RandomInput, deadlineMs, stages };
  },
);

function stageOf(kinds: readonly StepKind[], stage: number, policy: Policy): StageDefinition {
  return { steps: kinds.map((kind, branch) => stepOf(kind, `s${stage}-${branch}`, policy)) };
}

function stepOf(kind: StepKind, name: string, policy: Policy): StepDefinition {
  return {
    name,
    kind,
    action: kind === 'compensation' ? undefined : invocation(`${name}.act`, policy),
    compensation: kind === 'compensation' || kind === 'compensatable' ? invocation(`${name}.undo`, policy) : undefined,
  };
}

function invocation(name: string, policy: Policy): Invocation {
  return {
    ...policy,
    command: commandNamed(name),
    // All that the mapper sees is in the payload, so that two payloads are alike only if their scopes are.
    payload: (scope: unknown) => ({ id: JSON.stringify(scope) }),
  };
}

const commands = new Map<string, CommandContract>();

/** A contract is made once: making its schema takes longer than a whole saga. */
function commandNamed(name: string): CommandContract {
  const command = commands.get(name) ?? defineCommand(name, { payload: RandomInput });
  commands.set(name, command);
  return command;
}
