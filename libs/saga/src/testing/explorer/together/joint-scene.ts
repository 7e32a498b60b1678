/* Several sagas that act on one world: where each of them stands, and what people have asked for and answered. */
import type { SagaDefinition } from '../../../definition';
import { hasEnded } from '../../../engine';
import { SceneKeys } from '../scene-key';
import type { Scene } from '../scene';

export interface JointScene {
  readonly world: unknown;
  /** One for each request, in their order; undefined before it is made. The world of each is that of the moment it moved. */
  readonly sagas: readonly (Scene | undefined)[];
  /** Whether each response was given, in their order. */
  readonly given: readonly boolean[];
}

/** The scene of one saga in the world as it is now. */
export function sceneOf({ sagas, world }: JointScene, saga: number): Scene | undefined {
  const scene = sagas[saga];
  return scene && { ...scene, world };
}

/** Whether every saga that was begun has ended. */
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
    // Before any saga, the world tells scenes apart alone.
    return joint.sagas.every((scene) => scene === undefined) ? `${key} ${JSON.stringify(joint.world)}` : key;
  }
}
