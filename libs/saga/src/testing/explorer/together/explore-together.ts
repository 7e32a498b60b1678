/*
 * Explores several sagas that act on one world, such as two that change the same order: every request at every moment,
 * and every interleaving. It finds a semantic lock that is released too early, taken too late, or never released.
 *
 * The search goes by disturbances of each saga: first none, then one (a refusal, a failure, a timeout, a delayed reply,
 * an operator), and so on up to `disturbances`. Histories with more are sampled by random walks.
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
} from '../../../contract';
import { stepsOf, type SagaDefinition } from '../../../definition';
import { SagaTestError } from '../../saga-test-error';
import { Coverage } from '../coverage';
import { Effects, type Effect } from '../effects';
import { Exploration } from '../exploration';
import { withLimitedTries } from '../limited-tries';
import { Observations } from '../observations';
import type { Behaviour } from '../participants';
import { lineEveryTwoSeconds, Progress, type ExplorationProgress } from '../progress';
import { Worlds } from '../worlds';
import { JointJudge, type JointPromise } from './joint-judge';
import type { Request, Response, Together } from './joint-moves';
import type { JointScene } from './joint-scene';
import { searchJointly, type JointFound } from './joint-search';
import { writeJointStory } from './joint-story';
import { walkJointly } from './joint-walks';

const STARTED_AT = Date.UTC(2026, 0, 1);

/** How a participant handles a command in the test. */
export type SharedBehaviour<C extends CommandContract, World> = {
  /**
   * As in `explore`: returns the world after the command took effect, or a refusal; what it throws is a failure.
   * @default it changes nothing
   */
  readonly effect?: (world: World, payload: PayloadOf<C>) => World | Refusal<RefusalsOf<C>>;
} & (ReplyOf<C> extends undefined
  ? { readonly reply?: undefined }
  : {
      /** An example of the reply, or a function that reads it from the world before the effect. */
      readonly reply: ReplyOf<C> | ((world: World, payload: PayloadOf<C>) => ReplyOf<C>);
    });

/** How far an exploration of several sagas goes, and what it reports. */
export interface ExploreTogetherOptions {
  /** Explore every history with at most this many disturbances. @default 1 */
  readonly disturbances?: number;
  /** How often a command is tried at most, regardless of the definition. @default 2 */
  readonly tries?: number;
  /** How many states to explore at most, for any number of disturbances. @default 200_000 */
  readonly maxStates?: number;
  /** How many random walks to make through histories with more disturbances. @default 0 */
  readonly walks?: number;
  /** The seed of the walks' choices. @default 1 */
  readonly seed?: number;
  /** Receives the progress. @default a line on stderr, every two seconds */
  readonly progress?: (progress: ExplorationProgress) => void;
}

/**
 * Finds a history in which concurrent sagas break a promise, or proves that there is none:
 *
 * ```ts
 * exploreTogether()
 *   .world({ order: 'APPROVED', paid: 3 })
 *   .on(refundPayment, { effect: (shop) => ({ ...shop, paid: 0 }) })
 *   .request('the cancellation', cancelOrder, (shop) =>
 *     shop.order === 'APPROVED' ? { world: { ...shop, order: 'CANCELLING' }, input: anOrder() } : undefined,
 *   )
 *   .request('the revision', reviseOrder, (shop) => ...)
 *   .whenAllEnded('the money adds up', ({ order, paid }) => paid === (order === 'APPROVED' ? 1 : 0))
 *   .start()
 *   .expectNoBrokenPromise({ disturbances: 1 });
 * ```
 */
export function exploreTogether(): TogetherExplorer<undefined> {
  return new TogetherExplorer(undefined);
}

interface AnyRequest {
  readonly words: string;
  readonly definition: SagaDefinition;
  readonly ask: Request['ask'];
}

/** Configures an exploration of several sagas. Begin with {@link exploreTogether}. */
export class TogetherExplorer<World> {
  private readonly replies = new Map<CommandContract, (world: unknown, payload: object) => unknown>();
  private readonly effects = new Map<CommandContract, Effect>();
  private readonly promises: JointPromise[] = [];
  private readonly requests: AnyRequest[] = [];
  private readonly responses: Response[] = [];

  constructor(private readonly initial: World) {}

  /** The world that all sagas act on, as plain data. Call it first. */
  world<W>(initial: W): TogetherExplorer<W> {
    return new TogetherExplorer(initial);
  }

  /** How a command is handled, for all sagas. A command without it replies no data and changes nothing. */
  on<C extends CommandContract>(contract: C, { reply, effect }: SharedBehaviour<C, World>): this {
    const make = typeof reply === 'function' ? (reply as (world: unknown, payload: object) => unknown) : () => reply;
    this.replies.set(contract, (world, payload) => {
      const made = make(world, payload);
      if (contract.reply) assertValid(`The reply to ${contract.name}`, contract.reply, made);
      return made;
    });
    if (effect) this.effects.set(contract, effect as Effect);
    return this;
  }

  /**
   * A request that a person may make once, at any moment, and the saga that it starts. `ask` is the transaction of the
   * starting service: it returns the world after the request and the saga's input, or undefined when the request is
   * rejected.
   */
  request<Input extends object>(
    words: string,
    definition: SagaDefinition<Input>,
    ask: (world: World) => { readonly world: World; readonly input: Input } | undefined,
  ): this {
    const checked = (world: unknown): ReturnType<Request['ask']> => {
      const taken = ask(world as World);
      if (taken) assertValid(`The input of ${definition.name}`, definition.input, taken.input);
      return taken;
    };
    this.requests.push({ words, definition, ask: checked });
    return this;
  }

  /**
   * A response that a person may give once, at any moment after the request. `give` is the transaction of the receiving
   * service: it returns the world after the response and the signal's data, or undefined when the response is rejected.
   */
  response<S extends SignalContract>(
    words: string,
    to: string,
    contract: S,
    give: (world: World) => { readonly world: World; readonly payload: SignalOf<S> } | undefined,
  ): this {
    const saga = this.requests.findIndex((request) => request.words === to);
    if (saga < 0)
      throw new SagaTestError(`There is no request "${to}" to respond to; name it before with .request(…).`);
    const checked = (world: unknown): ReturnType<Response['give']> => {
      const taken = give(world as World);
      if (taken) assertValid(`The signal ${contract.name}`, contract.payload, taken.payload);
      return taken;
    };
    this.responses.push({ words, saga, signal: contract.name, give: checked });
    return this;
  }

  /** A promise that must hold at every moment. */
  always(promise: string, holds: (world: World) => boolean): this {
    return this.promise(promise, false, holds);
  }

  /** A promise that must hold whenever every saga that was started has ended. */
  whenAllEnded(promise: string, holds: (world: World) => boolean): this {
    return this.promise(promise, true, holds);
  }

  /** Explores everything that may follow from the requests. */
  start(options: ExploreTogetherOptions = {}): Exploration {
    const { disturbances = 1, tries = 2, maxStates = 200_000, walks = 0, seed = 1 } = options;
    const worlds = new Worlds();
    const together = this.together(worlds, tries);
    const opening: JointScene = {
      world: worlds.keep(this.initial),
      sagas: this.requests.map(() => undefined),
      given: this.responses.map(() => false),
    };
    const names = this.requests.map(({ words }) => words).join(' and ');
    const progress = new Progress(names, options.progress ?? lineEveryTwoSeconds());
    const shared = {
      together,
      opening,
      judge: new JointJudge(together, this.promises),
      coverage: this.requests.map(() => new Coverage()),
    };
    const seen = searchJointly({
      ...shared,
      maxDisturbances: disturbances,
      maxStates,
      progress: (states) => progress.searched('disturbances', states, maxStates),
    });
    const wanted = seen.complete || seen.found ? 0 : walks;
    const walked = walkJointly({
      ...shared,
      walks: wanted,
      seed,
      progress: (made) => progress.walked(seen.states, made),
    });
    const found = seen.found ?? walked.found;
    const story = found && this.storyOf(found, names, opening, together);
    return new Exploration({ ...seen, walks: walked.walks, ...shareOf(shared.coverage, seen.complete), story });
  }

  private storyOf({ broken, moves }: JointFound, names: string, opening: JointScene, together: Together): string {
    return [`${names} break a promise: ${broken}.`, ...writeJointStory(opening, moves, together)].join('\n');
  }

  private together(worlds: Worlds, tries: number): Together {
    const observations = new Observations();
    const effects = new Effects(this.effects, observations, worlds);
    const silent: Behaviour = { replies: [undefined] };
    const keep = <T extends { readonly world: unknown }>(taken: T | undefined): T | undefined =>
      taken && { ...taken, world: worlds.keep(taken.world) };
    const requests = this.requests.map(({ words, definition, ask }, place): Request => {
      this.expectReplies(definition);
      const { name, version } = definition;
      return {
        words,
        ask: (world) => keep(ask(world)),
        explored: {
          definition: withLimitedTries(definition, tries),
          start: { kind: 'started', sagaId: sagaIdOf(place), definition: name, version, input: {} },
          signals: [],
          holdable: [],
          behaviourOf: () => silent,
          effects,
        },
      };
    });
    const responses = this.responses.map((response) => ({
      ...response,
      give: (world: unknown) => keep(response.give(world)),
    }));
    return { requests, responses, startedAt: STARTED_AT, replyOf: (command) => this.replies.get(command) };
  }

  /** Throws for a command whose reply needs an example. */
  private expectReplies(definition: SagaDefinition): void {
    for (const { action, compensation } of stepsOf(definition))
      for (const command of [action?.command, compensation?.command])
        if (command?.reply !== undefined && !this.replies.has(command))
          throw new SagaTestError(`What does ${command.name} reply? Give an example with .on(…, { reply }).`);
  }

  private promise(words: string, atRestOnly: boolean, holds: (world: World) => boolean): this {
    this.promises.push({ words, atRestOnly, holds: holds as JointPromise['holds'] });
    return this;
  }
}

/** The share of the known pairs of a step's state and an event that was tried, over all sagas. */
function shareOf(coverage: readonly Coverage[], complete: boolean): { pairs: number; covered: number } {
  const pairs = coverage.reduce((sum, each) => sum + each.pairs, 0);
  const tried = coverage.reduce((sum, each) => sum + each.pairs * each.share, 0);
  return { pairs, covered: complete || pairs === 0 ? 1 : tried / pairs };
}

function sagaIdOf(place: number): string {
  return `019b76da-a800-7000-8000-00005a6a${(0x7e00 + place).toString(16)}`;
}
