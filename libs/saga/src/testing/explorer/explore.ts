/*
 * Explores one saga of a definition: everything that may happen to it, in every order, on the real engine and the real
 * decisions of the participants. Commands are handled or not, answers come at once, late, twice or never, handlers refuse
 * and fail, time passes, operators pause, resume, retry and cancel, say
 * what became of a command, and skip compensations. Nothing here is random: the same definition gives the
 * same states.
 */
import {
  assertValid,
  type CommandContract,
  type PayloadOf,
  type Refusal,
  type RefusalsOf,
  type ReplyOf,
  type SignalContract,
  type SignalOf,
} from '../../contract';
import { stepNamed, stepsOf, type SagaDefinition } from '../../definition';
import type { SagaState } from '../../engine';
import { describeSaga } from '../describe-saga';
import { SagaTestError } from '../saga-test-error';
import { Exploration } from './exploration';
import { impatient } from './impatient';
import type { Explored } from './moves';
import type { Behaviour } from './participants';
import type { Post, Scene } from './scene';
import { search, type Found } from './search';
import { retell } from './story';
import { Worlds } from './worlds';

const SAGA_ID = '019b76da-a800-7000-8000-00005a6a7e57';
const STARTED_AT = Date.UTC(2026, 0, 1);

/** What a participant does with a command, as far as the test cares. */
export type CommandBehaviour<C extends CommandContract, World> = {
  /**
   * The world after the command took effect. A pure function, which must leave the world that it is given as it is. It may
   * return a refusal, and what throws is answered as a failure. @default it changes nothing
   */
  readonly effect?: (world: World, payload: PayloadOf<C>) => World | Refusal<RefusalsOf<C>>;
} & (ReplyOf<C> extends undefined
  ? { readonly reply?: undefined }
  : {
      /** An example of the reply; or several, all of which are tried. */
      readonly reply: ReplyOf<C> | readonly ReplyOf<C>[];
    });

export interface ExploreOptions {
  /** How often a command is tried at most, whatever the definition says: a fifth time is like a second, only later. @default 2 */
  readonly tries?: number;
  /** Where to stop. @default 500_000 */
  readonly maxStates?: number;
}

/** What must hold of the world, in words and as a function. */
interface Promised {
  readonly words: string;
  readonly of: (saga: SagaState) => boolean;
  readonly holds: (world: unknown) => boolean;
}

/**
 * Finds the shortest history that breaks a promise, or shows that there is none:
 *
 * ```ts
 * explore(placeOrder)
 *   .world({ free: 1, reserved: 0 })
 *   .on(reserveStock, { reply: { reservationId: 'r-1' }, effect: ({ free, reserved }) => ({ free: free - 1, reserved: reserved + 1 }) })
 *   .on(releaseStock, { effect: ({ free, reserved }) => ({ free: free + reserved, reserved: 0 }) })
 *   .whenCompensated('nothing is reserved', ({ reserved }) => reserved === 0)
 *   .start(anOrder())
 *   .expectNoBrokenPromise();
 * ```
 */
export function explore<Input extends object>(definition: SagaDefinition<Input>): Explorer<Input, undefined> {
  return new Explorer(definition, undefined);
}

/** An exploration in the making. Begin with {@link explore}. */
export class Explorer<Input extends object, World> {
  private readonly behaviours = new Map<CommandContract, Behaviour>();
  private readonly promises: Promised[] = [];
  private readonly signals: Explored['signals'][number][] = [];
  private readonly worlds = new Worlds();

  constructor(
    private readonly definition: SagaDefinition<Input>,
    private readonly initial: World,
  ) {}

  /** What the commands act on, as plain data: the stock, the money, the order. Say it before all else. */
  world<W>(initial: W): Explorer<Input, W> {
    return new Explorer(this.definition, initial);
  }

  /** What becomes of a command. One that is not named replies nothing, and changes nothing. */
  on<C extends CommandContract>(contract: C, { reply, effect }: CommandBehaviour<C, World>): this {
    const replies = Array.isArray(reply) ? (reply as readonly unknown[]) : [reply as unknown];
    if (contract.reply) for (const each of replies) assertValid(`The reply to ${contract.name}`, contract.reply, each);
    this.behaviours.set(contract, { replies, effect: this.keeping(effect as Behaviour['effect'] | undefined) });
    return this;
  }

  /** What this signal may say. It may come at any time, before its wait or after, twice, or never. */
  signal<S extends SignalContract>(contract: S, ...payloads: readonly [SignalOf<S>, ...SignalOf<S>[]]): this {
    for (const payload of payloads) {
      assertValid(`The signal ${contract.name}`, contract.payload, payload);
      this.signals.push({ kind: 'signal', signal: contract.name, payload });
    }
    return this;
  }

  /** Must hold at every moment, whatever has happened so far. */
  always(promise: string, holds: (world: World) => boolean): this {
    return this.promise(promise, () => true, holds);
  }

  /** Must hold when the saga is COMPLETED, and ever after. */
  whenCompleted(promise: string, holds: (world: World) => boolean): this {
    return this.promise(promise, ({ status }) => status === 'COMPLETED', holds);
  }

  /** Must hold when the saga is COMPENSATED, and ever after; but where an operator has left an effect as it is. */
  whenCompensated(promise: string, holds: (world: World) => boolean): this {
    return this.promise(promise, (saga) => saga.status === 'COMPENSATED' && !leftSomething(saga), holds);
  }

  /** Explores the saga that begins with this input. */
  start(input: Input, { tries = 2, maxStates = 500_000 }: ExploreOptions = {}): Exploration {
    const { name, version, input: type } = this.definition;
    assertValid(`The input of ${name}`, type, input);
    const definition = impatient(this.definition, tries);
    const explored: Explored = {
      definition,
      start: { kind: 'started', sagaId: SAGA_ID, definition: name, version, input },
      signals: this.signalsOf(definition),
      behaviourOf: this.behavioursOf(definition),
    };
    const world = this.worlds.keep(this.initial);
    const judge = (scene: Scene): string | undefined => brokenEffects(definition, scene) ?? this.brokenPromise(scene);
    const { found, ...seen } = search({ explored, world, startedAt: STARTED_AT, maxStates, judge });
    return new Exploration({ ...seen, story: found && tell(name, found, world, explored) });
  }

  private promise(words: string, of: Promised['of'], holds: (world: World) => boolean): this {
    this.promises.push({ words, of, holds: holds as Promised['holds'] });
    return this;
  }

  private brokenPromise({ saga, world }: Scene): string | undefined {
    const broken = this.promises.find(({ of, holds }) => of(saga) && !holds(world));
    return broken && `"${broken.words}" does not hold`;
  }

  private keeping(effect: Behaviour['effect'] = (world) => world): Behaviour['effect'] {
    return (world, payload) => this.worlds.keep(effect(world, payload));
  }

  /** Throws for a signal of which there is no example. */
  private signalsOf(definition: SagaDefinition): Explored['signals'] {
    for (const { wait } of stepsOf(definition)) {
      if (wait === undefined || this.signals.some(({ signal }) => signal === wait.signal.name)) continue;
      throw new SagaTestError(`What does ${wait.signal.name} say? Give an example with .signal(…).`);
    }
    return this.signals;
  }

  /** The behaviour of each command. Throws for one whose reply cannot be made up. */
  private behavioursOf(definition: SagaDefinition): Explored['behaviourOf'] {
    const silent: Behaviour = { replies: [undefined], effect: (world) => world };
    for (const { action, compensation } of stepsOf(definition)) {
      for (const command of [action?.command, compensation?.command]) {
        if (command?.reply === undefined || this.behaviours.has(command)) continue;
        throw new SagaTestError(`What does ${command.name} reply? Give an example with .on(…, { reply }).`);
      }
    }
    return (contract) => this.behaviours.get(contract) ?? silent;
  }
}

function leftSomething({ steps }: SagaState): boolean {
  return Object.values(steps).some(({ status }) => status === 'LEFT');
}

/** An effect happens at most once; when the saga is COMPLETED just once, and when it is COMPENSATED it was taken back. */
function brokenEffects(definition: SagaDefinition, { saga, posts }: Scene): string | undefined {
  const twice = posts.find(({ effects }) => effects > 1);
  if (twice) return `${twice.command.command.name} took effect ${twice.effects} times`;
  for (const [name, { status }] of Object.entries(saga.steps)) {
    const kind = stepNamed(definition, name)?.kind;
    if (kind === 'wait') continue;
    const done = kind === 'compensation' ? 1 : effectsOf(posts, name, 'action');
    const undone = effectsOf(posts, name, 'compensation');
    if (done > 1) return `the action of ${name} took effect ${done} times`;
    if (undone > done) return `${name} was taken back more often than it was done`;
    if (saga.status === 'COMPENSATED' && done !== undone && status !== 'LEFT')
      return `it is COMPENSATED, and ${name} was not taken back`;
    if (saga.status === 'COMPLETED' && (done !== (status === 'SKIPPED' ? 0 : 1) || undone !== 0))
      return `it is COMPLETED, and ${name} was done ${done} times and taken back ${undone} times`;
  }
  return undefined;
}

function effectsOf(posts: readonly Post[], name: string, way: Post['command']['direction']): number {
  let effects = 0;
  for (const post of posts) if (post.command.step === name && post.command.direction === way) effects += post.effects;
  return effects;
}

function tell(name: string, { broken, moves }: Found, world: unknown, explored: Explored): string {
  const { lines, last } = retell(world, STARTED_AT, moves, explored);
  const shown = last.world === undefined ? [] : [`The world: ${JSON.stringify(last.world)}`];
  return [
    `${name} breaks a promise: ${broken}. The shortest way there:`,
    ...lines,
    describeSaga(last.saga),
    ...shown,
  ].join('\n');
}
