/*
 * Chooses how to explore a saga: completely, shortest histories first, if it is small. Otherwise by the fewest
 * disturbances, up to `maxStates`; and the rest by random walks.
 */
import { describeSaga } from '../describe-saga';
import { Coverage } from './coverage';
import { Exploration } from './exploration';
import type { ExploreOptions } from './explore-options';
import type { Judge } from './judge';
import { movesFrom, type Explored } from './moves';
import type { Observations } from './observations';
import { lineEveryTwoSeconds, Progress } from './progress';
import { search, type Found, type SearchOptions, type SearchResult } from './search';
import { writeStory } from './story';
import { walkAtRandom } from './walks';

export interface Surveyed {
  readonly name: string;
  readonly explored: Explored;
  readonly observations: Observations;
  readonly world: unknown;
  readonly startedAt: number;
  readonly judge: Judge;
}

/** Up to this many states the search is for the shortest history; in a large saga these do not reach far. */
const SOON = 50_000;

export function survey(surveyed: Surveyed, options: ExploreOptions): Exploration {
  return new Survey(surveyed, options).run();
}

class Survey {
  private readonly coverage = new Coverage();
  private readonly progress: Progress;
  private readonly maxStates: number;

  constructor(
    private readonly surveyed: Surveyed,
    private readonly options: ExploreOptions,
  ) {
    this.maxStates = options.maxStates ?? 500_000;
    this.progress = new Progress(surveyed.name, options.progress ?? lineEveryTwoSeconds());
  }

  run(): Exploration {
    const shortest = this.search('events', Math.min(SOON, Math.ceil(this.maxStates / 4)));
    if (shortest.complete || shortest.found) return this.result(shortest, 0, 'The shortest way there:');
    const bounded = this.search('disturbances', this.maxStates);
    if (bounded.complete || bounded.found)
      return this.result(bounded, 0, 'The way there with the fewest disturbances:');
    return this.sample(bounded);
  }

  /** Searches until no ignored value is read any more. */
  private search(order: SearchOptions['order'], maxStates: number): SearchResult {
    const { coverage, surveyed, options } = this;
    const observations = options.reduce === false ? undefined : surveyed.observations;
    const phase = order === 'events' ? 'shortest' : 'disturbances';
    const progress = (states: number): void => this.progress.searched(phase, states, maxStates);
    const { name: _name, observations: _observations, ...shared } = surveyed;
    for (;;) {
      const result = search({
        ...shared,
        observations,
        coverage,
        progress,
        order,
        maxStates,
        visit: options.visit,
      });
      if (result) return result;
    }
  }

  private sample(seen: SearchResult): Exploration {
    const { explored, judge } = this.surveyed;
    const { walks = 2_000, seed = 1 } = this.options;
    for (const { scene } of seen.open) this.coverage.know(scene, movesFrom(scene, explored));
    const sampled = walkAtRandom({
      explored,
      walks,
      seed,
      from: seen.open,
      coverage: this.coverage,
      judge: (scene) => judge.broken(scene),
      progress: (made) => this.progress.walked(seen.states, made),
    });
    return this.result({ ...seen, found: sampled.found }, sampled.walks, 'A way there, found at random:');
  }

  private result(seen: SearchResult, walks: number, way: string): Exploration {
    const { states, histories, depth, complete, disturbances, found } = seen;
    const { pairs, share } = this.coverage;
    const coverage = { pairs, covered: complete ? 1 : share };
    const story = found && this.storyOf(found, way);
    return new Exploration({ states, histories, depth, complete, disturbances, walks, ...coverage, story });
  }

  private storyOf({ broken, moves }: Found, way: string): string {
    const { name, world, startedAt, explored } = this.surveyed;
    const { lines, last } = writeStory(world, startedAt, moves, explored);
    const shown = last.world === undefined ? [] : [`The world: ${JSON.stringify(last.world)}`];
    return [`${name} breaks a promise: ${broken}. ${way}`, ...lines, describeSaga(last.saga), ...shown].join('\n');
  }
}
