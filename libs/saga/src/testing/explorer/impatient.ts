import type { CommandSpec, SagaDefinition } from '../../definition';

/**
 * The same saga with at most so many tries of each command: a fifth try differs from a second only in how long it takes to
 * get there, and every history up to it would have to be explored too.
 */
export function impatient(definition: SagaDefinition, tries: number): SagaDefinition {
  const shorten = (commandSpec: CommandSpec | undefined): CommandSpec | undefined =>
    commandSpec && {
      ...commandSpec,
      attempts: Math.min(tries, commandSpec.attempts),
      attentionAfter: Math.min(tries, commandSpec.attentionAfter),
    };
  const stages = definition.stages.map(({ steps }) => ({
    // A child is never given up, however often it is asked.
    steps: steps.map((step) =>
      step.child ? step : { ...step, action: shorten(step.action), compensation: shorten(step.compensation) },
    ),
  }));
  return { ...definition, stages };
}
