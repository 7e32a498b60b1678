/* A joint history that was found, told to a person: each line names the request whose saga it happened to. */
import { describeSaga } from '../../describe-saga';
import { inWords, sendsOf, write } from '../story';
import { makeJointMove, type JointMove, type JointStep, type Together } from './joint-moves';
import { sceneOf, type JointScene } from './joint-scene';

export function tellJointly(opening: JointScene, moves: readonly JointMove[], together: Together): readonly string[] {
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

function lineOf({ scene, saga, went, moved }: JointStep, { requests, startedAt }: Together): string {
  const what = moved ? inWords(moved.move, moved.from, went) : 'the saga starts';
  const at = sceneOf(scene, saga)?.now ?? startedAt;
  return write({ at, what: `${requests[saga]?.words}: ${what}`, sends: sendsOf(went) }, startedAt);
}
