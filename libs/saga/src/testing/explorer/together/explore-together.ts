/*
 * Explores several sagas that act on one world, as two that want the same order: every request at every moment, and every
 * interleaving of what they do. It finds a semantic lock that is released too early, taken too late, or never released.
 *
 * Within each saga it goes by disturbances: first everything without any, then with one (a refusal, a failure, a timeout, a
 * delayed answer, an operator), and so on up to `disturbances`. What takes more is sampled by walks at random.
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
import { impatient } from '../impatient';
import { Observations } from '../observations';
import type { Behaviour } from '../participants';
import { lineEveryTwoSeconds, Progress, type ExplorationProgress } from '../progress';
import { Worlds } from '../worlds';
import { JointJudge, type JointPromise } from './joint-judge';
import type { Request, Response, Together } from './joint-moves';
import type { JointScene } from './joint-scene';
import { searchJointly, type JointFound } from './joint-search';
import { tellJointly } from './joint-story';
import { walkJointly } from './joint-walks';

const STARTED_AT = Date.UTC(2026, 0, 1);

/** What a participant does with a command, as far as the test cares. */
export type SharedBehaviour<C extends CommandContract, World> = {
  /** As in `explore`: the world after the command took effect, or a refusal; throwing is failing. @default it changes nothing */
  readonly effect?: (world: World, payload: PayloadOf<C>) => World | Refusal<RefusalsOf<C>>;
} & (ReplyOf<C> extends undefined
  ? { readonly reply?: undefined }
  : {
      /** An example of the reply, or what it is in the world before the effect. */
      readonly reply: ReplyOf<C> | ((world: World, payload: PayloadOf<C>) => ReplyOf<C>);
    });

export interface ExploreTogetherOptions {
  /** See every history with at most so many disturbances. @default 1 */
  readonly disturbances?: number;
  /** How often a command is tried at most, whatever the definition says. @default 2 */
  readonly tries?: number;
  /** Where to stop, whatever number of disturbances was reached. @default 200_000 */
  readonly maxStates?: number;
  /** How many walks to make through what takes more disturbances. @default 0 */
  readonly walks?: number;
  /** What the walks' choices derive from. @default 1 */
  readonly seed?: number;
  /** Is told how far the exploration is. @default a line on stderr, every two seconds */
  readonly progress?: (progress: ExplorationProgress) => void;
}

/**
 * Finds a history in which sagas that want the same thing break a promise, or shows that there is none:
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

/** An exploration of several sagas in the making. Begin with {@link exploreTogether}. */
export class TogetherExplorer<World> {
  private readonly replies = new Map<CommandContract, (world: unknown, payload: object) => unknown>();
  private readonly effects = new Map<CommandContract, Effect>();
  private readonly promises: JointPromise[] = [];
  private readonly requests: AnyRequest[] = [];
  private readonly responses: Response[] = [];

  constructor(private readonly initial: World) {}

  /** What all sagas act on, as plain data. Say it before all else. */
  world<W>(initial: W): TogetherExplorer<W> {
    return new TogetherExplorer(initial);
  }

  /** What becomes of a command, whichever saga sends it. One that is not named replies nothing, and changes nothing. */
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
   * Something that a person may ask for once, at any moment, and the saga that does it. `ask` is what the starting service
   * does in its transaction: the world with the request taken and the saga's input, or undefined when it turns it away.
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
   * Something that a person may answer once, at any moment after the request. `give` is what the asked service does in its
   * transaction: the world with the answer taken and what the signal says, or undefined when it turns it away.
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

  /** Must hold at every moment, whatever has happened so far. */
  always(promise: string, holds: (world: World) => boolean): this {
    return this.promise(promise, false, holds);
  }

  /** Must hold whenever every saga that was begun has ended. */
  whenAllEnded(promise: string, holds: (world: World) => boolean): this {
    return this.promise(promise, true, holds);
  }

  /** Explores everything that may come of the requests. */
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
    const story = found && this.tell(found, names, opening, together);
    return new Exploration({ ...seen, walks: walked.walks, ...shareOf(shared.coverage, seen.complete), story });
  }

  private tell({ broken, moves }: JointFound, names: string, opening: JointScene, together: Together): string {
    return [`${names} break a promise: ${broken}.`, ...tellJointly(opening, moves, together)].join('\n');
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
          definition: impatient(definition, tries),
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

  /** Throws for a command whose reply cannot be made up. */
  private expectReplies(definition: SagaDefinition): void {
    for (const { action, compensation } of stepsOf(definition))
      for (const command of [action?.command, compensation?.command])
        if (command?.reply !== undefined && !this.replies.has(command))
          throw new SagaTestError(`What does ${command.name} reply? Say it with .on(…, { reply }).`);
  }

  private promise(words: string, atRestOnly: boolean, holds: (world: World) => boolean): this {
    this.promises.push({ words, atRestOnly, holds: holds as JointPromise['holds'] });
    return this;
  }
}

/** The share of the possible pairs of a step's state and an event that was tried, over all sagas. */
function shareOf(coverage: readonly Coverage[], complete: boolean): { pairs: number; covered: number } {
  const pairs = coverage.reduce((sum, each) => sum + each.pairs, 0);
  const tried = coverage.reduce((sum, each) => sum + each.pairs * each.share, 0);
  return { pairs, covered: complete || pairs === 0 ? 1 : tried / pairs };
}

function sagaIdOf(place: number): string {
  return `019b76da-a800-7000-8000-00005a6a${(0x7e00 + place).toString(16)}`;
}
