import type { Command } from '@palinode/saga/contract';
import { Notes, short, type Check, type Play } from '../check';
import type { PlayedSaga } from '../played-saga';
import { wrongIn } from '../reply-attributes';

/** The requirements for every command. */
export function answersTo(type: string): readonly Check[] {
  return [
    {
      rules: [11, 12],
      promise: `${type}: is answered once, by a reply with all its attributes`,
      play: async (play, notes) => {
        const { saga, command } = await ready(play, type, notes);
        const received = await saga.ask(command);
        notes.did.push('sent it');
        await saga.passed();
        const replies = play.orchestrator.repliesTo(command);
        notes.saw.push(outcomes(play, command));
        notes.expect(replies.length === 1, `it arrived ${replies.length} times`);
        notes.wrong.push(...wrongIn(command, received, play.contract));
      },
    },
    {
      rules: [4, 5],
      promise: `${type}: two copies in one batch are answered by two copies of one reply`,
      play: async (play, notes) => {
        const { saga, command } = await ready(play, type, notes);
        await saga.send(command, command);
        notes.did.push('sent it twice in one batch');
        await sameReplies(play, command, 2, notes);
      },
    },
    {
      rules: [4, 5],
      promise: `${type}: a duplicate after the reply is answered by the same reply, without a second effect`,
      play: async (play, notes) => {
        const { saga, command } = await ready(play, type, notes);
        await saga.ask(command);
        const effects = await play.effects(saga.values);
        await saga.send(command);
        notes.did.push('sent it, waited for the reply, sent it again');
        await sameReplies(play, command, 2, notes);
        await expectEffects(play, saga, effects, notes);
      },
    },
    {
      rules: [3],
      promise: `${type}: unknown attributes, headers and fields of a newer orchestrator are accepted`,
      play: async (play, notes) => {
        const plain = await ready(play, type, notes);
        const { reply: before } = await plain.saga.ask(plain.command);
        const { saga, command } = await ready(play, type);
        const newer = {
          ...command,
          data: { ...(command.data as object), later: { added: true } },
          laterattribute: 'yes',
        };
        const received = await saga.ask(newer);
        notes.did.push('sent it with the attribute laterattribute and the field later');
        notes.saw.push(`${received.reply.outcome}, and ${before.outcome} without them`);
        notes.expect(received.reply.outcome === before.outcome, `the outcome is ${received.reply.outcome} with them`);
        notes.wrong.push(...wrongIn(newer, received, play.contract));
      },
    },
    {
      rules: [5, 14],
      promise: `${type}: an invalid payload is answered with a failure, also the second time, and is dead-lettered`,
      play: async (play, notes) => {
        const { saga, command } = await ready(play, type, notes);
        const broken = { ...command, data: 'not an object' };
        const received = await saga.ask(broken);
        notes.did.push('sent it with a text as data, twice');
        notes.expect(received.reply.outcome === 'failure', `the outcome is ${received.reply.outcome}, not failure`);
        notes.wrong.push(...wrongIn(command, received, play.contract));
        await saga.send(broken);
        await sameReplies(play, command, 2, notes);
        const deadLetter = await play.orchestrator.awaitDeadLetter(command.sagaid, JSON.stringify(broken));
        notes.expect(deadLetter !== undefined, 'it was not dead-lettered on saga.dead-letters with its key and value');
      },
    },
    {
      rules: [6],
      promise: `${type}: a new attempt after a failure is handled as a new command`,
      play: async (play, notes) => {
        const plain = await ready(play, type, notes);
        const { reply: before } = await plain.saga.ask(plain.command);
        const { saga, command } = await ready(play, type);
        await saga.ask({ ...command, data: 'not an object' });
        const second = saga.command(type, { sagaattempt: 2, sagastep: command.sagastep });
        const received = await saga.ask(second);
        notes.did.push('had a first attempt fail, and sent a second under a new id');
        notes.saw.push(`${received.reply.outcome}, and ${before.outcome} when the first attempt was valid`);
        notes.expect(
          received.reply.outcome === before.outcome,
          `the second attempt ended in ${received.reply.outcome}`,
        );
        notes.wrong.push(...wrongIn(second, received, play.contract));
      },
    },
  ];
}

/** A saga that has reached this command. */
export async function ready(
  play: Play,
  type: string,
  notes = new Notes(),
): Promise<{ saga: PlayedSaga; command: Command }> {
  const saga = await play.saga();
  await saga.playUpTo(type);
  const command = saga.command(type);
  notes.did.push(short(command));
  return { saga, command };
}

/** Expects this number of replies, identical byte for byte. */
export async function sameReplies(play: Play, command: Command, count: number, notes: Notes): Promise<void> {
  const replies = await play.orchestrator.awaitReplies(command, count);
  notes.saw.push(outcomes(play, command));
  const [first] = replies;
  for (const each of replies.slice(1)) {
    if (each.text === first!.text) continue;
    const { reply } = first!;
    const what =
      each.reply.outcome !== reply.outcome || JSON.stringify(each.reply.data) !== JSON.stringify(reply.data)
        ? `different: ${each.text.slice(0, 300)}`
        : `the same outcome in a new reply, with the id ${each.reply.id} instead of ${reply.id}`;
    notes.wrong.push(`the second reply is ${what}`);
  }
}

export async function expectEffects(
  play: Play,
  saga: PlayedSaga,
  before: number | undefined,
  notes: Notes,
): Promise<void> {
  const now = await play.effects(saga.values);
  if (before === undefined || now === undefined) return;
  notes.saw.push(`${now} effects`);
  notes.expect(now === before, `there were ${before} effects before, and ${now} after`);
}

export function outcomes(play: Play, command: Command): string {
  const replies = play.orchestrator.repliesTo(command);
  return replies.length === 0 ? 'no reply' : replies.map(({ reply }) => reply.outcome).join(', ');
}
