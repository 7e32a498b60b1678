import { v7 as uuidV7 } from 'uuid';
import type { Command } from '@palinode/saga/contract';
import { short, type Check, type Notes, type Play } from '../check';
import { wrongIn } from '../reply-attributes';
import { expectEffects, outcomes, ready } from './answers';

/** What holds for a command under an id that another command has. */
export function tellsApart(type: string): Check {
  return {
    rules: [22],
    promise: `${type}: another command under a known id is not answered by the first reply, and parked`,
    play: async (play, notes) => {
      const { saga, command } = await ready(play, type, notes);
      await saga.ask(command);
      const effects = await play.effects(saga.values);
      const other = { ...command, data: { ...(command.data as object), another: uuidV7() } };
      await saga.send(other);
      notes.did.push('sent it, waited for the reply, sent another under its id, with a field more');
      await isNotKnown(play, other, 2, notes);
      await expectEffects(play, saga, effects, notes);
    },
  };
}

/** What holds for a compensation that undoes a command of another saga. */
export function tellsSagasApart(action: string, compensation: string): Check {
  return {
    rules: [22],
    promise: `${compensation}: of the id that ${action} of another saga has does nothing, and is parked`,
    play: async (play, notes) => {
      const { saga: foreign, command } = await ready(play, action, notes);
      await foreign.ask(command);
      const effects = await play.effects(foreign.values);
      const saga = await play.saga();
      const data = foreign.payload(compensation);
      const undo = saga.command(compensation, { undoes: command.id, data });
      await saga.send(undo);
      notes.did.push(`sent ${short(undo)} of another saga, which undoes it`);
      await isNotKnown(play, undo, 1, notes);
      await expectEffects(play, foreign, effects, notes);
    },
  };
}

/** The last of so many replies says that the outcome is not known; the command is parked. */
async function isNotKnown(play: Play, command: Command, count: number, notes: Notes): Promise<void> {
  const replies = await play.orchestrator.awaitReplies(command, count);
  notes.saw.push(outcomes(play, command));
  const last = replies.at(-1)!;
  notes.expect(last.reply.outcome === 'unknown', `the outcome is ${last.reply.outcome}, not unknown`);
  notes.wrong.push(...wrongIn(command, last, play.contract));
  const parked = await play.orchestrator.awaitParked(command.sagaid, JSON.stringify(command));
  notes.expect(parked !== undefined, 'it was not parked on saga.dead-letters with its key and value');
}
