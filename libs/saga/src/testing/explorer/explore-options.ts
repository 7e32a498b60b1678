import type { ExplorationProgress } from './progress';
import type { Scene } from './scene';

/** How far an exploration goes, and what it reports. */
export interface ExploreOptions {
  /**
   * How often a command is tried at most, regardless of the definition: a fifth try differs from the second only in
   * time. @default 2
   */
  readonly tries?: number;
  /** How many states to explore before the rest is sampled by random walks. @default 500_000 */
  readonly maxStates?: number;
  /** How many random walks to make when there are more states than `maxStates`. @default 2_000 */
  readonly walks?: number;
  /** The seed of the walks' choices. @default 1 */
  readonly seed?: number;
  /**
   * Receives the progress every thousand states and every hundred walks. @default a line on stderr, every two seconds
   */
  readonly progress?: (progress: ExplorationProgress) => void;
  /** `false` also explores equivalent histories: much slower, with the same findings. @default true */
  readonly reduce?: boolean;
  /** Receives each checked scene, for the tests of the exploration itself. @internal */
  readonly visit?: ((scene: Scene) => void) | undefined;
}
