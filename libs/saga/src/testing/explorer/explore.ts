/*
 * Explores one saga of a definition: everything that may happen to it, in every order, with the real engine and the
 * real decisions of participants. Commands are handled or not; replies arrive in time, late, twice or never; handlers
 * refuse and fail; time passes; operators pause, resume, retry and cancel, resolve commands and skip compensations. The
 * same definition gives the same states, and the same seed the same walks.
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
import { commandsOf, stepsOf, type SagaDefinition } from '../../definition';
import { SagaTestError } from '../saga-test-error';
import { Effects, type Effect } from './effects';
import type { Exploration } from './exploration';
import type { ExploreOptions } from './explore-options';
import { withLimitedTries } from './limited-tries';
import { Judge, leftSomething, type Promised } from './judge';
import type { Explored } from './moves';
import { Observations } from './observations';
import type { Behaviour } from './participants';
import { survey } from './survey';
import { Worlds } from './worlds';

const SAGA_ID = '019b76da-a800-7000-8000-00005a6a7e57';
const STARTED_AT = Date.UTC(2026, 0, 1);

/** How a participant handles a command in the test. */
export type CommandBehaviour<C extends CommandContract, World> = {
  /**
   * The world after the command took effect. A pure function that must not change the given world. It may return a
   * refusal; what it throws is a failure. @default it changes nothing
   */
  readonly effect?: (world: World, payload: PayloadOf<C>) => World | Refusal<RefusalsOf<C>>;
} & (ReplyOf<C> extends undefined
  ? { readonly reply?: undefined }
  : {
      /** An example of the reply, or several, all of which are tried. */
      readonly reply: ReplyOf<C> | readonly ReplyOf<C>[];
    });

/**
 * Finds the shortest history that breaks a promise, or proves that there is none:
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

/** Configures an exploration. Begin with {@link explore}. */
export class Explorer<Input extends object, World> {
  private readonly behaviours = new Map<CommandContract, Behaviour>();
  private readonly effects = new Map<CommandContract, Effect>();
  private readonly promises: Promised[] = [];
  private readonly signals: Explored['signals'][number][] = [];
  private readonly holdable = new Set<string>();

  constructor(
    private readonly definition: SagaDefinition<Input>,
    private readonly initial: World,
  ) {}

  /** The world that the commands act on, as plain data: the stock, the money, the order. Call it first. */
  world<W>(initial: W): Explorer<Input, W> {
    return new Explorer(this.definition, initial);
  }

  /** How a command is handled. A command without it replies no data and changes nothing. */
  on<C extends CommandContract>(contract: C, { reply, effect }: CommandBehaviour<C, World>): this {
    const replies = Array.isArray(reply) ? (reply as readonly unknown[]) : [reply as unknown];
    if (contract.reply) for (const each of replies) assertValid(`The reply to ${contract.name}`, contract.reply, each);
    this.behaviours.set(contract, { replies });
    if (effect) this.effects.set(contract, effect as Effect);
    else this.effects.delete(contract);
    return this;
  }

  /** The possible data of this signal. It may arrive at any time, before its wait or after, twice, or never. */
  signal<S extends SignalContract>(contract: S, ...payloads: readonly [SignalOf<S>, ...SignalOf<S>[]]): this {
    for (const payload of payloads) {
      assertValid(`The signal ${contract.name}`, contract.payload, payload);
      this.signals.push({ kind: 'signal', signal: contract.name, payload });
    }
    return this;
  }

  /**
   * The commands of these services may be held at any time, by the orchestrator or an operator, and their holds may
   * end.
   */
  holds(...services: readonly [string, ...string[]]): this {
    const known = new Set(commandsOf(this.definition).map(({ service }) => service));
    for (const service of services) {
      if (!known.has(service)) throw new SagaTestError(`${this.definition.name} has no command of ${service}.`);
      this.holdable.add(service);
    }
    return this;
  }

  /** A promise that must hold at every moment. */
  always(promise: string, holds: (world: World) => boolean): this {
    return this.promise(promise, () => true, holds);
  }

  /** A promise that must hold from when the saga is COMPLETED. */
  whenCompleted(promise: string, holds: (world: World) => boolean): this {
    return this.promise(promise, ({ status }) => status === 'COMPLETED', holds);
  }

  /** A promise that must hold from when the saga is COMPENSATED, unless an operator skipped a compensation. */
  whenCompensated(promise: string, holds: (world: World) => boolean): this {
    return this.promise(promise, (saga) => saga.status === 'COMPENSATED' && !leftSomething(saga), holds);
  }

  /** Explores the saga that begins with this input. */
  start(input: Input, options: ExploreOptions = {}): Exploration {
    const { name, version, input: type } = this.definition;
    assertValid(`The input of ${name}`, type, input);
    const observations = new Observations();
    const worlds = new Worlds();
    const definition = observations.watch(withLimitedTries(this.definition, options.tries ?? 2));
    const explored: Explored = {
      definition,
      start: { kind: 'started', sagaId: SAGA_ID, definition: name, version, input },
      signals: this.signalsOf(definition),
      holdable: [...this.holdable],
      behaviourOf: this.behavioursOf(definition),
      effects: new Effects(this.effects, observations, worlds),
    };
    const judge = new Judge(definition, this.promises);
    const world = worlds.keep(this.initial);
    return survey({ name, explored, observations, world, startedAt: STARTED_AT, judge }, options);
  }

  private promise(words: string, of: Promised['of'], holds: (world: World) => boolean): this {
    this.promises.push({ words, of, holds: holds as Promised['holds'] });
    return this;
  }

  /** Throws for a signal without an example. */
  private signalsOf(definition: SagaDefinition): Explored['signals'] {
    for (const { wait } of stepsOf(definition)) {
      if (wait === undefined || this.signals.some(({ signal }) => signal === wait.signal.name)) continue;
      throw new SagaTestError(`What are the data of ${wait.signal.name}? Give an example with .signal(…).`);
    }
    return this.signals;
  }

  /** Returns the behaviour of each command. Throws for a command whose reply needs an example. */
  private behavioursOf(definition: SagaDefinition): Explored['behaviourOf'] {
    const silent: Behaviour = { replies: [undefined] };
    for (const { action, compensation } of stepsOf(definition)) {
      for (const command of [action?.command, compensation?.command]) {
        if (command?.reply === undefined || this.behaviours.has(command)) continue;
        throw new SagaTestError(`What does ${command.name} reply? Give an example with .on(…, { reply }).`);
      }
    }
    return (contract) => this.behaviours.get(contract) ?? silent;
  }
}
