import { v7 as uuidV7 } from 'uuid';
import type { Check } from '../check';

const FLOOD = 200;

/** The requirements for many commands of one saga. */
export function keepsOrder(type: string): Check {
  return {
    rules: [2],
    promise: `${FLOOD} commands of one saga are answered in their order`,
    play: async (play, notes) => {
      const saga = await play.saga();
      // Compensations of actions that were never sent: each is answered, and none has an effect.
      const commands = Array.from({ length: FLOOD }, (_, index) =>
        saga.command(type, { sagadirection: 'compensation', undoes: uuidV7(), sagastep: `flood-${index}` }),
      );
      await saga.send(...commands);
      notes.did.push(`sent ${FLOOD} of ${type} in one batch, each for an action that was never sent`);
      await play.orchestrator.awaitReplies(commands.at(-1)!);
      for (const command of commands) await play.orchestrator.awaitReplies(command);
      const steps = play.orchestrator.ofSaga(saga.id).map(({ reply }) => reply.sagastep);
      notes.saw.push(`${steps.length} replies`);
      const wrong = commands.findIndex(({ sagastep }, index) => steps[index] !== sagastep);
      notes.expect(wrong < 0, `reply ${wrong + 1} is that of ${steps[wrong]}, not of ${commands[wrong]?.sagastep}`);
    },
  };
}
