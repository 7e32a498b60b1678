/* Random walks through what a joint search did not reach. The same seed makes the same walks. */
import type { Coverage } from '../coverage';
import { randomFrom } from '../walks';
import type { JointJudge } from './joint-judge';
import { jointMovesFrom, makeJointMove, type JointMove, type Together } from './joint-moves';
import { isAtRest, type JointScene } from './joint-scene';
import { disturbs, know, type JointFound } from './joint-search';

export interface JointWalkOptions {
  readonly together: Together;
  readonly opening: JointScene;
  readonly judge: JointJudge;
  readonly walks: number;
  readonly seed: number;
  readonly coverage: readonly Coverage[];
  readonly progress: (walks: number) => void;
}

/** The largest number of moves in a walk. */
const LONGEST = 200;
/** How often a walk chooses a move without disturbance. */
const FORWARD = 0.8;

export function walkJointly(options: JointWalkOptions): { readonly walks: number; readonly found?: JointFound } {
  const random = randomFrom(options.seed);
  for (let walk = 1; walk <= options.walks; walk += 1) {
    const found = walkOnce(random, options);
    if (found) return { walks: walk, found };
    options.progress(walk);
  }
  return { walks: options.walks };
}

function walkOnce(
  random: () => number,
  { together, opening, judge, coverage }: JointWalkOptions,
): JointFound | undefined {
  let scene = opening;
  const made: JointMove[] = [];
  while (made.length < LONGEST && !(made.length > 0 && isOver(scene))) {
    const possible = jointMovesFrom(scene, together);
    for (const each of possible) know(scene, each, coverage);
    const forward = possible.filter((move) => !disturbs(move));
    const from = forward.length > 0 && random() < FORWARD ? forward : possible;
    const move = from[Math.floor(random() * from.length)] as JointMove;
    made.push(move);
    for (const step of makeJointMove(scene, move, together)) {
      if (step.moved) coverage[step.saga]?.cover(step.moved.from, step.moved.move);
      const broken = judge.broken(step);
      if (broken !== undefined) return { broken, moves: made };
      scene = step.scene;
    }
  }
  return undefined;
}

/** True when every possible request was made, and every saga has ended. */
function isOver(scene: JointScene): boolean {
  return isAtRest(scene) && scene.sagas.every((each) => each !== undefined);
}
