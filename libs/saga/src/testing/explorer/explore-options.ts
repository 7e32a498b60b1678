import type { ExplorationProgress } from './progress';
import type { Scene } from './scene';

export interface ExploreOptions {
  /** How often a command is tried at most, whatever the definition says: a fifth time is like a second, only later. @default 2 */
  readonly tries?: number;
  /** Where to stop going through all states, and to sample what is left by walks at random. @default 500_000 */
  readonly maxStates?: number;
  /** How many walks to make when there are more states than `maxStates`. @default 2_000 */
  readonly walks?: number;
  /** What the walks' choices derive from: the same seed, the same walks. @default 1 */
  readonly seed?: number;
  /** Is told how far the exploration is, every thousand states and every hundred walks. @default a line on stderr, every two seconds */
  readonly progress?: (progress: ExplorationProgress) => void;
  /** `false` explores also what is equivalent to something else: much slower, with the same findings. @default true */
  readonly reduce?: boolean;
  /** Is told of each scene that is judged, for the tests of the exploration itself. @internal */
  readonly visit?: ((scene: Scene) => void) | undefined;
}
