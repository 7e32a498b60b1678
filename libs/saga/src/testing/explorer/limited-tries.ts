import type { CommandSpec, SagaDefinition } from '../../definition';

/**
 * Limits the tries of each command: a fifth try differs from a second only in the time it takes, and every history up
 * to it would have to be explored too.
 */
export function withLimitedTries(definition: SagaDefinition, tries: number): SagaDefinition {
  const shorten = (commandSpec: CommandSpec | undefined): CommandSpec | undefined =>
    commandSpec && {
      ...commandSpec,
      attempts: Math.min(tries, commandSpec.attempts),
      attentionAfter: Math.min(tries, commandSpec.attentionAfter),
    };
  const stages = definition.stages.map(({ steps }) => ({
    // A child's command is re-sent without limit.
    steps: steps.map((step) =>
      step.child ? step : { ...step, action: shorten(step.action), compensation: shorten(step.compensation) },
    ),
  }));
  return { ...definition, stages };
}
