/* Writes a joint history as text; each line names the request whose saga it concerns. */
import { describeSaga } from '../../describe-saga';
import { describeMove, sendsOf, writeLine } from '../story';
import { makeJointMove, type JointMove, type JointStep, type Together } from './joint-moves';
import { sceneOf, type JointScene } from './joint-scene';

export function writeJointStory(
  opening: JointScene,
  moves: readonly JointMove[],
  together: Together,
): readonly string[] {
  const lines: string[] = [];
  let scene = opening;
  for (const move of moves) {
    for (const step of makeJointMove(scene, move, together)) {
      lines.push(lineOf(step, together));
      scene = step.scene;
    }
  }
  for (const [saga, { words }] of together.requests.entries()) {
    const own = sceneOf(scene, saga);
    if (own) lines.push(`${words}: ${describeSaga(own.saga)}`);
  }
  return [...lines, `The world: ${JSON.stringify(scene.world)}`];
}

function lineOf({ scene, saga, result, moved }: JointStep, { requests, startedAt }: Together): string {
  const what = moved ? describeMove(moved.move, moved.from, result) : 'the saga starts';
  const at = sceneOf(scene, saga)?.now ?? startedAt;
  return writeLine({ at, what: `${requests[saga]?.words}: ${what}`, sends: sendsOf(result) }, startedAt);
}
