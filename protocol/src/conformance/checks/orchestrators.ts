import type { Topics } from '@palinode/saga/contract';
import type { Check } from '../check';

/** The requirements for a participant of one or more orchestrators: each receives the replies to its own commands. */
export function answersOrchestrator(topics: Topics, service: string, type: string): Check {
  const { orchestrator } = topics;
  const replyto = topics.repliesOf(service);
  return {
    rules: [11],
    promise: `a command of the orchestrator ${orchestrator} is answered on ${replyto}, and on no other topic`,
    play: async ({ saga: newSaga, orchestrator: played }, notes) => {
      const usual = await newSaga();
      const { outcome } = (await usual.ask(usual.command(type))).reply;
      const saga = await newSaga();
      const command = saga.command(type, { replyto });
      await saga.ask(command);
      notes.did.push(`sent a command that ends in ${outcome}, and one with replyto ${replyto}`);
      await saga.passed();
      const replies = played.repliesTo(command);
      const seen = [...new Set(replies.map(({ topic }) => topic))];
      notes.saw.push(`${replies.map(({ reply }) => reply.outcome).join(', ')} on ${seen.join(', ')}`);
      notes.expect(seen.length === 1 && seen[0] === replyto, `it was answered on ${seen.join(', ')}`);
      notes.expect(
        replies.every(({ reply }) => reply.outcome === outcome),
        `the outcome is not ${outcome}`,
      );
    },
  };
}
