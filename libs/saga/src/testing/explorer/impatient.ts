import type { Invocation, SagaDefinition } from '../../definition';

/**
 * The same saga with at most so many tries of each command: a fifth try differs from a second only in how long it takes to
 * get there, and every history up to it would have to be explored too.
 */
export function impatient(definition: SagaDefinition, tries: number): SagaDefinition {
  const shorten = (invocation: Invocation | undefined): Invocation | undefined =>
    invocation && {
      ...invocation,
      attempts: Math.min(tries, invocation.attempts),
      attentionAfter: Math.min(tries, invocation.attentionAfter),
    };
  const stages = definition.stages.map(({ steps }) => ({
    // A child is never given up, however often it is asked.
    steps: steps.map((step) =>
      step.child ? step : { ...step, action: shorten(step.action), compensation: shorten(step.compensation) },
    ),
  }));
  return { ...definition, stages };
}
