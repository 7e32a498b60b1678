/* Several sagas that act on one world: the scene of each, and the requests and responses that were made. */
import type { SagaDefinition } from '../../../definition';
import { hasEnded } from '../../../engine';
import { SceneKeys } from '../scene-key';
import type { Scene } from '../scene';

export interface JointScene {
  readonly world: unknown;
  /**
   * One per request, in their order; undefined before it is made. Each has the world of the moment of its last move.
   */
  readonly sagas: readonly (Scene | undefined)[];
  /** Whether each response was given, in their order. */
  readonly given: readonly boolean[];
}

/** Returns the scene of one saga in the present world. */
export function sceneOf({ sagas, world }: JointScene, saga: number): Scene | undefined {
  const scene = sagas[saga];
  return scene && { ...scene, world };
}

/** True when every saga that was started has ended. */
export function isAtRest({ sagas }: JointScene): boolean {
  return sagas.every((scene) => scene === undefined || hasEnded(scene.saga));
}

/** Makes keys of joint scenes: two with the same key have the same futures. */
export class JointKeys {
  private readonly keys: readonly SceneKeys[];

  constructor(definitions: readonly SagaDefinition[]) {
    this.keys = definitions.map((definition) => new SceneKeys(definition));
  }

  of(joint: JointScene): string {
    let key = joint.given.map(Number).join('');
    for (const [saga, keys] of this.keys.entries()) {
      const scene = sceneOf(joint, saga);
      const own = scene ? keys.of(scene) : '';
      key += ` ${own.length} ${own}`;
    }
    // Before the first saga, only the world distinguishes scenes.
    return joint.sagas.every((scene) => scene === undefined) ? `${key} ${JSON.stringify(joint.world)}` : key;
  }
}
