import { v7 as uuidV7 } from 'uuid';
import type { Command, Rejection } from '@palinode/saga/contract';
import { short, type Check, type Notes, type Play } from '../check';
import { wrongIn } from '../reply-attributes';
import { expectEffects, outcomes, ready } from './answers';
import { expectParked } from './poison';

/** The requirements for a command with the id of another command. */
export function tellsApart(type: string): Check {
  return {
    rules: [22],
    promise: `${type}: another command with a known id is not answered by the first reply, and is dead-lettered`,
    play: async (play, notes) => {
      const { saga, command } = await ready(play, type, notes);
      await saga.ask(command);
      const effects = await play.effects(saga.values);
      const other = { ...command, data: { ...(command.data as object), another: uuidV7() } };
      await saga.send(other);
      notes.did.push('sent it, waited for the reply, sent another with its id and an additional field');
      await isNotKnown(play, other, 2, 'another-command', notes);
      await expectParked(play, saga, JSON.stringify(other), notes);
      await expectEffects(play, saga, effects, notes);
    },
  };
}

/** The requirements for a compensation that undoes a command of another saga. */
export function tellsSagasApart(action: string, compensation: string): Check {
  return {
    rules: [22],
    promise: `${compensation}: of ${action} of another saga does nothing, and is dead-lettered`,
    play: async (play, notes) => {
      const { saga: foreign, command } = await ready(play, action, notes);
      await foreign.ask(command);
      const effects = await play.effects(foreign.values);
      const saga = await play.saga();
      const data = foreign.payload(compensation);
      const undo = saga.command(compensation, { undoes: command.id, data });
      await saga.send(undo);
      notes.did.push(`sent ${short(undo)} of another saga, which undoes it`);
      await isNotKnown(play, undo, 1, 'another-undone', notes);
      await expectParked(play, saga, JSON.stringify(undo), notes);
      await expectEffects(play, foreign, effects, notes);
    },
  };
}

/** Expects this number of replies, of which the last has the outcome unknown and this reason. */
async function isNotKnown(play: Play, command: Command, count: number, reason: string, notes: Notes): Promise<void> {
  const replies = await play.orchestrator.awaitReplies(command, count);
  notes.saw.push(outcomes(play, command));
  const last = replies.at(-1)!;
  const { outcome, data } = last.reply;
  notes.expect(outcome === 'unknown', `the outcome is ${outcome}, not unknown`);
  const said = (data as Partial<Rejection> | null)?.reason;
  notes.expect(said === reason, `the reason of the reply is ${said}, not ${reason}`);
  notes.wrong.push(...wrongIn(command, last, play.contract));
}
