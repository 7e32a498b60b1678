/* What is wrong with a scene, apart from the engine's rules. */
import type { SagaDefinition } from '../../definition';
import { hasEnded, type SagaState } from '../../engine';
import { brokenEffects, mayBreakEffects } from './broken-effects';
import type { Scene } from './scene';

/** What must hold of the world, in words and as a function. */
export interface Promised {
  readonly words: string;
  readonly of: (saga: SagaState) => boolean;
  readonly holds: (world: unknown) => boolean;
}

export class Judge {
  constructor(
    private readonly definition: SagaDefinition,
    private readonly promises: readonly Promised[],
  ) {}

  broken(scene: Scene): string | undefined {
    return brokenEffects(this.definition, scene) ?? this.brokenPromise(scene);
  }

  brokenPromise({ saga, world }: Scene): string | undefined {
    const broken = this.promises.find(({ of, holds }) => of(saga) && !holds(world));
    return broken && `"${broken.words}" does not hold`;
  }

  /** Whether an effect may turn out to be wrong once more of what was sent is handled. */
  mayBreakEffects(scene: Scene): boolean {
    return mayBreakEffects(this.definition, scene);
  }

  /** The same promises are made of all sagas of one kind. */
  kindOf({ saga }: Scene): string {
    return hasEnded(saga) ? `${saga.status} ${leftSomething(saga)}` : 'live';
  }
}

export function leftSomething({ steps }: SagaState): boolean {
  return Object.values(steps).some(({ status }) => status === 'COMPENSATION_SKIPPED');
}
