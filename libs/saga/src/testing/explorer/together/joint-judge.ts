import { brokenRule } from '../../engine-rules';
import { brokenEffects } from '../broken-effects';
import type { JointStep, Request, Together } from './joint-moves';
import { isAtRest, sceneOf, type JointScene } from './joint-scene';

/** A promise about the world, in words and as a function. */
export interface JointPromise {
  readonly words: string;
  readonly atRestOnly: boolean;
  readonly holds: (world: unknown) => boolean;
}

/** Checks a step and the scene that it leads to. */
export class JointJudge {
  constructor(
    private readonly together: Together,
    private readonly promises: readonly JointPromise[],
  ) {}

  broken(step: JointStep): string | undefined {
    return this.brokenRule(step) ?? this.brokenEffects(step) ?? this.brokenPromise(step.scene);
  }

  brokenPromise(scene: JointScene): string | undefined {
    const atRest = isAtRest(scene);
    const broken = this.promises.find(({ atRestOnly, holds }) => (atRest || !atRestOnly) && !holds(scene.world));
    return broken && `"${broken.words}" does not hold`;
  }

  private brokenRule({ saga, before, result: { invariantError, event, applied } }: JointStep): string | undefined {
    if (invariantError !== undefined) return invariantError;
    if (event === undefined || applied === undefined) return undefined;
    return brokenRule({ definition: this.requestOf(saga).explored.definition, before, event, applied });
  }

  private brokenEffects({ saga, scene }: JointStep): string | undefined {
    const own = sceneOf(scene, saga);
    return own && brokenEffects(this.requestOf(saga).explored.definition, own);
  }

  private requestOf(saga: number): Request {
    return this.together.requests[saga] as Request;
  }
}
