/* Checks a scene, apart from the engine's rules. */
import type { SagaDefinition } from '../../definition';
import { hasEnded, type SagaState } from '../../engine';
import { brokenEffects, mayBreakEffects } from './broken-effects';
import type { Scene } from './scene';

/** A promise about the world, in words and as a function. */
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

  /** True when a promise may be broken once more of the commands in flight are handled. */
  mayBreakEffects(scene: Scene): boolean {
    return mayBreakEffects(this.definition, scene);
  }

  /** All sagas in the same phase have the same promises. */
  phaseOf({ saga }: Scene): string {
    return hasEnded(saga) ? `${saga.status} ${leftSomething(saga)}` : 'live';
  }
}

export function leftSomething({ steps }: SagaState): boolean {
  return Object.values(steps).some(({ status }) => status === 'COMPENSATION_SKIPPED');
}
