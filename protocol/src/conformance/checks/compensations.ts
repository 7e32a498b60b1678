import type { Command } from '@palinode/saga/contract';
import { short, type Check, type Notes, type Play } from '../check';
import type { PlayedSaga } from '../played-saga';
import { wrongIn } from '../reply-attributes';
import { idOfDaysAgo } from './memory';
import { expectParked } from './poison';
import { expectEffects, outcomes, ready, sameReplies } from './answers';

/** The requirements for an action and its compensation. */
export function takesBack(action: string, compensation: string): readonly Check[] {
  return [
    {
      rules: [8, 10],
      promise: `${compensation}: compensates ${action}, also at its second attempt`,
      play: async (play, notes) => {
        const { saga, command } = await ready(play, action, notes);
        await saga.ask(command);
        notes.did.push('sent it');
        await saga.ask({ ...saga.command(compensation), data: 'not an object' });
        notes.did.push('let a first attempt of its compensation fail');
        const second = saga.command(compensation, { sagaattempt: 2 });
        await succeeds(play, saga, second, notes);
        const effects = await play.effects(saga.values);
        await saga.send(second);
        await sameReplies(play, second, 2, notes);
        await expectEffects(play, saga, effects, notes);
      },
    },
    {
      rules: [8, 9],
      promise: `${compensation}: before ${action} succeeds, and the late ${action} is dropped`,
      play: async (play, notes) => {
        const { saga, late, undo } = await reversed(play, action, compensation);
        const effects = await play.effects(saga.values);
        await succeeds(play, saga, undo, notes);
        await saga.send(late);
        notes.did.push(`then sent ${short(late)}, which it undoes`);
        await isDropped(play, saga, late, notes);
        await expectEffects(play, saga, effects, notes);
        await saga.send(undo);
        await sameReplies(play, undo, 2, notes);
      },
    },
    {
      rules: [2, 8, 9],
      promise: `${compensation}: before ${action} in one batch succeeds, and ${action} is dropped`,
      play: async (play, notes) => {
        const { saga, late, undo } = await reversed(play, action, compensation);
        const effects = await play.effects(saga.values);
        await saga.send(undo, late);
        notes.did.push(`sent ${short(undo)} and ${short(late)} together, the compensation first`);
        const [answer] = await play.orchestrator.awaitReplies(undo);
        notes.expect(answer!.reply.outcome === 'success', `${compensation} ended in ${answer!.reply.outcome}`);
        await isDropped(play, saga, late, notes);
        await expectEffects(play, saga, effects, notes);
      },
    },
    {
      rules: [8],
      promise: `${compensation}: at its second attempt, after the first wrote a tombstone, succeeds`,
      play: async (play, notes) => {
        const { saga, late, undo } = await reversed(play, action, compensation);
        const effects = await play.effects(saga.values);
        await succeeds(play, saga, undo, notes);
        await succeeds(play, saga, saga.command(compensation, { sagaattempt: 2, undoes: late.id }), notes);
        await expectEffects(play, saga, effects, notes);
      },
    },
    {
      rules: [8],
      promise: `${compensation}: of an action older than any inbox fails with action-forgotten, and is dead-lettered`,
      play: async (play, notes) => {
        const saga = await play.saga();
        await saga.playUpTo(action);
        const undo = saga.command(compensation, { undoes: idOfDaysAgo(400) });
        const { reply } = await saga.ask(undo);
        notes.did.push('sent one that undoes an id of 400 days ago');
        const { reason } = (reply.data ?? {}) as { reason?: unknown };
        notes.expect(
          reply.outcome === 'failure' && reason === 'action-forgotten',
          `it ended in ${String(reply.outcome)} (${String(reason)}), not in a failure for action-forgotten`,
        );
        await expectParked(play, saga, JSON.stringify(undo), notes);
      },
    },
    {
      rules: [2, 8],
      promise: `${compensation}: right after ${action} waits for it, and compensates it`,
      play: async (play, notes) => {
        const { saga, command } = await ready(play, action, notes);
        const undo = saga.command(compensation);
        await saga.send(command, undo);
        notes.did.push(`sent it and ${short(undo)} in one batch`);
        await play.orchestrator.awaitReplies(command);
        const [answer] = await play.orchestrator.awaitReplies(undo);
        notes.saw.push(`${outcomes(play, command)}; ${outcomes(play, undo)}`);
        notes.expect(answer!.reply.outcome === 'success', `${compensation} ended in ${answer!.reply.outcome}`);
        const order = play.orchestrator.ofSaga(saga.id).map(({ reply }) => reply.inreplyto);
        notes.expect(order.indexOf(command.id) < order.indexOf(undo.id), 'it was answered before the action');
      },
    },
    {
      rules: [8],
      promise: `${compensation}: of a failed ${action} succeeds, and does nothing`,
      play: async (play, notes) => {
        const { saga, command } = await ready(play, action, notes);
        const effects = await play.effects(saga.values);
        await saga.ask({ ...command, data: 'not an object' });
        notes.did.push('sent it with a text as data');
        await succeeds(play, saga, saga.command(compensation), notes);
        await expectEffects(play, saga, effects, notes);
      },
    },
  ];
}

/** A compensation and its action, which was not sent. */
async function reversed(
  play: Play,
  action: string,
  compensation: string,
): Promise<{ saga: PlayedSaga; late: Command; undo: Command }> {
  const saga = await play.saga();
  await saga.playUpTo(action);
  const late = saga.command(action);
  return { saga, late, undo: saga.command(compensation) };
}

async function succeeds(play: Play, saga: PlayedSaga, undo: Command, notes: Notes): Promise<void> {
  const received = await saga.ask(undo);
  notes.did.push(`sent ${short(undo)}`);
  notes.saw.push(outcomes(play, undo));
  notes.expect(received.reply.outcome === 'success', `${undo.type} ended in ${received.reply.outcome}, not success`);
  notes.wrong.push(...wrongIn(undo, received, play.contract));
}

async function isDropped(play: Play, saga: PlayedSaga, late: Command, notes: Notes): Promise<void> {
  await saga.passed();
  const replies = play.orchestrator.repliesTo(late);
  notes.saw.push(`of the late action: ${outcomes(play, late)}`);
  notes.expect(replies.length === 0, `the late action was answered: ${outcomes(play, late)}`);
}
