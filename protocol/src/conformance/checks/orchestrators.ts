import { topicsOf } from '@palinode/saga/contract';
import type { Check } from '../check';

/** What holds for a participant of one or several orchestrators: each gets the answers to its own commands. */
export function answersOrchestrator(orchestrator: string, service: string, type: string): Check {
  const replyto = topicsOf({ orchestrator }).repliesOf(service);
  return {
    rules: [11],
    promise: `a command of the orchestrator ${orchestrator} is answered on ${replyto}, and nowhere else`,
    play: async ({ saga: newSaga, orchestrator: played }, notes) => {
      const usual = await newSaga();
      const { outcome } = (await usual.ask(usual.command(type))).reply;
      const saga = await newSaga();
      const command = saga.command(type, { replyto });
      await saga.ask(command);
      notes.did.push(`sent a command that ends in ${outcome}, and one with replyto ${replyto}`);
      await saga.passed();
      const replies = played.repliesTo(command);
      const topics = [...new Set(replies.map(({ topic }) => topic))];
      notes.saw.push(`${replies.map(({ reply }) => reply.outcome).join(', ')} on ${topics.join(', ')}`);
      notes.expect(topics.length === 1 && topics[0] === replyto, `it was answered on ${topics.join(', ')}`);
      notes.expect(
        replies.every(({ reply }) => reply.outcome === outcome),
        `the outcome is not ${outcome}`,
      );
    },
  };
}
