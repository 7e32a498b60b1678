/* The reduction leaves out only equivalent histories: its result is compared with an exploration without it. */
import { IsOptional, IsString } from 'class-validator';
import * as fc from 'fast-check';
import { defineCommand, defineSignal, type CommandContract, type Refusal, refuse } from '../../contract';
import { constant, stepsOf, type CommandSpec, type SagaDefinition, type StepDefinition } from '../../definition';
import { explore, type Explorer } from './explore';
import type { Exploration } from './exploration';
import { leftSomething } from './judge';
import type { Scene } from './scene';

class Input {
  @IsString() id!: string;
}
class Told {
  @IsString() id!: string;
  @IsOptional() @IsString() why?: string;
}
class Answer {
  @IsString() ref!: string;
}
const LETTERS = ['a', 'b', 'c', 'd'] as const;
type Letter = (typeof LETTERS)[number];
type World = Readonly<Record<Letter, number>> & { readonly why?: string };

const commandsOf = (letter: Letter) => ({
  act: defineCommand(`${letter}.act`, { payload: Told, reply: Answer, refusals: ['no'] }),
  retry: defineCommand(`${letter}.retry`, { payload: Told }),
  undo: defineCommand(`${letter}.undo`, { payload: Told }),
});
const COMMANDS = Object.fromEntries(LETTERS.map((letter) => [letter, commandsOf(letter)])) as Record<
  Letter,
  ReturnType<typeof commandsOf>
>;
const go = defineSignal('go', { payload: Input });

type Kind = 'compensatable' | 'pivot' | 'retriable' | 'wait' | 'compensation';
/** Faults and special properties of a generated saga. */
const TWISTS = [
  'nothing',
  'undo has no effect',
  'undo does another thing',
  'undo reads the reply',
  'undo tells why',
  'undo does not work without the reply',
  'why is kept',
  'undo needs what it undoes',
  'retry never works',
  'acts only before another',
  'sees another',
  'promise between two',
] as const;
type Twist = (typeof TWISTS)[number];

interface Shape {
  readonly stages: readonly (readonly Kind[])[];
  readonly twist: Twist;
  readonly at: number;
  readonly items: boolean;
  readonly deadline: boolean;
}

const invoke = (command: CommandContract, payload: (scope: never) => object): CommandSpec => ({
  command,
  payload,
  timeoutMs: 5_000,
  attempts: 1,
  backoff: constant('1s'),
  attentionAfter: 1,
});

interface Scoped {
  readonly input: Input;
  readonly cause?: { readonly reason: string };
  readonly reply?: Answer;
}

function undoing(letter: Letter, twist: Twist | undefined): CommandSpec {
  const { undo } = COMMANDS[twist === 'undo does another thing' ? (letter === 'a' ? 'b' : 'a') : letter];
  return invoke(undo, ({ input: { id }, cause, reply }: Scoped) => {
    if (twist === 'undo reads the reply') return { id: (reply as Answer).ref };
    if (twist === 'undo does not work without the reply') return { id, why: reply?.ref };
    return twist === 'undo tells why' || twist === 'why is kept' ? { id, why: cause?.reason } : { id };
  });
}

function stepOf(kind: Kind, letter: Letter, { twist, at, items }: Shape): StepDefinition {
  const own = LETTERS[at] === letter ? twist : undefined;
  const { act, retry } = COMMANDS[letter];
  const payload = ({ input: { id } }: Scoped): Told => ({ id });
  switch (kind) {
    case 'wait':
      return { name: letter, kind, wait: { signal: go, timeoutMs: 60_000 } };
    case 'compensation':
      return { name: letter, kind, compensation: undoing(letter, own) };
    case 'compensatable': {
      const forEach = items && at === LETTERS.indexOf(letter) ? { items: () => ['x', 'y'], concurrency: 1 } : undefined;
      return { name: letter, kind, action: invoke(act, payload), compensation: undoing(letter, own), forEach };
    }
    default:
      return { name: letter, kind, action: invoke(kind === 'pivot' ? act : retry, payload) };
  }
}

function definitionOf(shape: Shape): SagaDefinition<Input> {
  let next = 0;
  const stages = shape.stages.map((kinds) => ({
    steps: kinds.map((kind) => stepOf(kind, LETTERS[next++ % LETTERS.length] as Letter, shape)),
  }));
  return { name: 'random', version: 1, input: Input, stages, deadlineMs: shape.deadline ? 30_000 : undefined };
}

const plus = (world: World, letter: Letter, by: number): World => ({ ...world, [letter]: world[letter] + by });

function acting(letter: Letter, { twist, at }: Shape): (world: World) => World | Refusal<'no'> {
  const other = LETTERS[(at + 1) % LETTERS.length] as Letter;
  const own = LETTERS[at] === letter;
  return (world) => {
    if (own && twist === 'acts only before another' && world[other] > 0) return refuse('no');
    if (own && twist === 'sees another' && world[other] > 0) return { ...plus(world, letter, 1), why: 'seen' };
    return plus(world, letter, 1);
  };
}

function undone(letter: Letter, { twist, at }: Shape): (world: World, payload: Told) => World {
  const own = LETTERS[at] === letter;
  return (world, payload) => {
    if (own && twist === 'undo has no effect') return world;
    if (own && twist === 'why is kept') return { ...plus(world, letter, -1), why: payload.why ?? 'none' };
    if (own && twist === 'undo does not work without the reply' && world[letter] > 0 && payload.why === undefined)
      throw new Error('not found');
    if (own && twist === 'undo needs what it undoes' && world[letter] < 1) throw new Error('nothing to undo');
    return plus(world, letter, -1);
  };
}

function explorerOf(shape: Shape): Explorer<Input, World> {
  const definition = definitionOf(shape);
  const own = LETTERS[shape.at] as Letter;
  const other = LETTERS[(shape.at + 1) % LETTERS.length] as Letter;
  const reversed = stepsOf(definition).some(({ kind }) => kind === 'compensation');
  const explorer = explore(definition)
    .world<World>({ a: 0, b: 0, c: 0, d: 0 })
    .signal(go, { id: 'go' })
    .always('one is not without the other', (world) =>
      shape.twist === 'promise between two' ? world[own] < 1 || world[other] < 1 || world.why !== undefined : true,
    )
    .whenCompensated('nothing is left', ({ a, b, c, d }) => reversed || a + b + c + d === 0);
  for (const letter of LETTERS) {
    const { act, retry, undo } = COMMANDS[letter];
    explorer.on(act, { reply: { ref: 'r' }, effect: acting(letter, shape) });
    explorer.on(undo, { effect: undone(letter, shape) });
    explorer.on(retry, {
      effect: (world) => {
        if (shape.twist === 'retry never works') throw new Error('never');
        return plus(world, letter, 1);
      },
    });
  }
  return explorer;
}

const CLOSED: ReadonlySet<string> = new Set(['COMPENSATED', 'REFUSED', 'FAILED', 'SKIPPED', 'COMPENSATION_SKIPPED']);

interface Seen {
  readonly exploration: Exploration;
  /** Which sagas, with their open steps, met which worlds. */
  readonly scenes: ReadonlySet<string>;
  readonly ends: ReadonlySet<string>;
}

/** For a step without an effect left to compensate it makes no difference how that came about. */
const stepsIn = ({ saga }: Scene): string =>
  Object.values(saga.steps)
    .map(({ status, exchange }) => (CLOSED.has(status) ? 'closed' : `${status} ${exchange?.waitsFor}`))
    .join();

const OPTIONS = { tries: 1, maxStates: 40_000, walks: 0, progress: () => undefined };

function seen(shape: Shape, reduce: boolean): Seen {
  const [scenes, ends] = [new Set<string>(), new Set<string>()];
  const visit = (scene: Scene): void => {
    const { saga, world } = scene;
    const key = `${saga.status} ${leftSomething(saga)} ${JSON.stringify(world)}`;
    scenes.add(`${key} ${saga.stage} ${saga.pause?.reason} ${stepsIn(scene)}`);
    if (saga.endedAt !== undefined) ends.add(key);
  };
  return { exploration: explorerOf(shape).start({ id: 'i' }, { ...OPTIONS, reduce, visit }), scenes, ends };
}

const before = fc.constantFrom<readonly Kind[]>(['compensatable'], ['wait'], ['compensatable', 'compensatable']);
const shapes: fc.Arbitrary<Shape> = fc.record({
  stages: fc
    .tuple(
      fc.constantFrom<readonly (readonly Kind[])[]>([], [['compensation']]),
      fc.array(before, { minLength: 1, maxLength: 2 }),
      fc.constantFrom<readonly (readonly Kind[])[]>([], [['pivot']], [['retriable']]),
    )
    .map((parts) => parts.flat())
    .filter((stages) => stages.flat().length <= 4 && stages.flat().filter((kind) => kind === 'wait').length < 2),
  twist: fc.constantFrom(...TWISTS),
  at: fc.integer({ min: 0, max: 2 }),
  items: fc.boolean(),
  deadline: fc.boolean(),
});

const twisted = (stages: Shape['stages'], twist: Twist): [Shape] => [
  { stages, twist, at: 0, items: false, deadline: false },
];

const examples = [
  // Two parallel steps: one may depend on the other.
  ...TWISTS.map((twist) => twisted([['compensatable', 'compensatable']], twist)),
  // Only the last compensation reads the cause, after the others have been sent.
  twisted([['compensation'], ['compensatable', 'compensatable']], 'why is kept'),
];

const lengthOf = ({ story }: Exploration): number => story?.split('\n').length ?? 0;
const isDeadEnd = ({ story }: Exploration): boolean => story?.includes('it can never end') ?? false;

it('an exploration finds and reaches the same with and without the reduction', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const full = seen(shape, false);
      if (!full.exploration.complete && full.exploration.story === undefined) return;
      const reduced = seen(shape, true);
      expect(reduced.exploration.complete).toBe(full.exploration.complete);
      // Without a visitor, scenes that cannot break a promise are not created.
      expect(explorerOf(shape).start({ id: 'i' }, OPTIONS)).toEqual(reduced.exploration);
      expect(isDeadEnd(reduced.exploration)).toBe(isDeadEnd(full.exploration));
      if (isDeadEnd(full.exploration)) return;
      expect(lengthOf(reduced.exploration)).toBe(lengthOf(full.exploration));
      if (full.exploration.story !== undefined) return;
      expect(reduced.exploration.states).toBeLessThanOrEqual(full.exploration.states);
      expect([...reduced.ends].toSorted()).toEqual([...full.ends].toSorted());
      expect([...reduced.scenes].toSorted()).toEqual([...full.scenes].toSorted());
    }),
    { numRuns: examples.length + 10, seed: 1, examples },
  );
});
