import type { Check } from '../check';

/** The requirements for the offsets that were committed during all other checks. */
export function commitsLast(group: string, deadlineMs: number): Check {
  return {
    rules: [1],
    promise: `the group ${group} commits an offset after the reply is published, not before`,
    play: async ({ orchestrator }, notes) => {
      notes.did.push('watched what the group committed during the other checks');
      const early = orchestrator.offsets.committedTooEarly((id) => orchestrator.firstAnswerTo(id));
      notes.saw.push(`${early.length} offsets committed early`);
      notes.expect(
        early.length === 0,
        `the offsets of ${early.length} commands were committed before their replies were published: ${early.slice(0, 3).join(', ')}`,
      );
      const behind = await orchestrator.offsets.behind(deadlineMs);
      notes.expect(
        behind.length === 0,
        `the group ${orchestrator.offsets.group} has not committed what it answered in partition ${behind.join(', ')}`,
      );
    },
  };
}
