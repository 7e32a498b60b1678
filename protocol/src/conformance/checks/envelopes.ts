import type { Command } from '@palinode/saga/contract';
import { v7 as uuidV7 } from 'uuid';
import { short, type Check, type Notes, type Play } from '../check';
import type { PlayedSaga } from '../played-saga';
import { attributesWrongIn } from '../reply-attributes';
import { expectParked } from './poison';
import { sameReplies } from './answers';

const LEVELS = 64;
const NOT_NEEDED = ['time', 'subject', 'datacontenttype', 'dataschema', 'traceparent', 'sagaattempt'] as const;

interface WrongAttribute {
  readonly what: string;
  readonly attributes: (command: Command) => object;
}

/** Invalid attributes that still permit a reply. */
const WRONG: readonly WrongAttribute[] = [
  { what: 'of specversion 0.3', attributes: () => ({ specversion: '0.3' }) },
  { what: 'without a source', attributes: () => ({ source: undefined }) },
  { what: 'whose traceparent is a number', attributes: () => ({ traceparent: 7 }) },
  { what: 'whose attribute undoes is not an id', attributes: () => ({ undoes: 'the first' }) },
  { what: 'that undoes itself', attributes: ({ id }) => ({ undoes: id }) },
];

/** The requirements for the attributes of a command, and for its nesting depth. */
export function readsEnvelopes(service: string, type: string): readonly Check[] {
  return [
    {
      rules: [3],
      promise: `a command without ${NOT_NEEDED.join(', ')} is handled`,
      play: async (play, notes) => {
        const saga = await play.saga();
        const lean = { ...harmless(saga, type), ...Object.fromEntries(NOT_NEEDED.map((name) => [name, undefined])) };
        await succeeds(saga, lean, notes);
      },
    },
    {
      rules: [13],
      promise: `a command of ${LEVELS} levels is handled`,
      play: async (play, notes) => {
        const saga = await play.saga();
        await succeeds(saga, nested(harmless(saga, type), LEVELS), notes);
      },
    },
    {
      rules: [13],
      promise: `a command of ${LEVELS + 1} levels is dead-lettered, and the next one handled`,
      play: async (play, notes) => {
        const saga = await play.saga();
        await isParkedUnanswered(play, saga, nested(harmless(saga, type), LEVELS + 1), notes);
      },
    },
    {
      rules: [13],
      promise: 'a command without a direction is dead-lettered, and the next one handled',
      play: async (play, notes) => {
        const saga = await play.saga();
        const lost = { ...harmless(saga, type), sagadirection: undefined } as unknown as Command;
        await isParkedUnanswered(play, saga, lost, notes);
      },
    },
    ...WRONG.map(({ what, attributes }) => ({
      rules: [5, 14],
      promise: `a command ${what} is answered with a failure, also the second time, and is dead-lettered`,
      play: async (play: Play, notes: Notes) => {
        const saga = await play.saga();
        const right = harmless(saga, type);
        await fails(play, saga, { ...right, ...attributes(right) }, notes);
      },
    })),
    {
      rules: [5, 14],
      promise: `a command without a type is answered with a failure of type ${service}.unreadable.reply.v1, also the second time, and is dead-lettered`,
      play: async (play, notes) => {
        const saga = await play.saga();
        const untyped = { ...harmless(saga, type), type: undefined } as unknown as Command;
        const { type: said } = await fails(play, saga, untyped, notes);
        const wanted = `${service}.unreadable.reply.v1`;
        notes.expect(said === wanted, `the type of the reply is ${String(said)}, not ${wanted}`);
      },
    },
  ];
}

/** A compensation of an action that was never sent: it is answered, and has no effect. */
function harmless(saga: PlayedSaga, type: string): Command {
  return saga.command(type, { sagadirection: 'compensation', undoes: uuidV7() });
}

/** The command with an additional attribute of nested objects and lists; the document counts as the first level. */
function nested(command: Command, levels: number): Command {
  const filling: unknown = JSON.parse('['.repeat(levels - 1) + ']'.repeat(levels - 1));
  return { ...command, filling } as Command;
}

async function succeeds(saga: PlayedSaga, command: Command, notes: Notes): Promise<void> {
  const { reply } = await saga.ask(command);
  notes.did.push(`sent ${short(command)}`);
  notes.saw.push(String(reply.outcome));
  notes.expect(reply.outcome === 'success', `the outcome is ${String(reply.outcome)}, not success`);
}

async function fails(
  play: Play,
  saga: PlayedSaga,
  command: Command,
  notes: Notes,
): Promise<{ readonly type?: string | undefined }> {
  const received = await saga.ask(command);
  const { reply } = received;
  notes.did.push('sent it twice');
  notes.saw.push(String(reply.outcome));
  notes.expect(reply.outcome === 'failure', `the outcome is ${String(reply.outcome)}, not failure`);
  // The reply need not repeat the invalid attribute.
  notes.wrong.push(...attributesWrongIn({ ...command, traceparent: reply.traceparent }, received));
  await saga.send(command);
  await sameReplies(play, command, 2, notes);
  await expectParked(play, saga, JSON.stringify(command), notes);
  return reply;
}

async function isParkedUnanswered(play: Play, saga: PlayedSaga, command: Command, notes: Notes): Promise<void> {
  await saga.send(command);
  notes.did.push('sent it, then a command under the same key');
  await saga.passed();
  await expectParked(play, saga, JSON.stringify(command), notes);
  const replies = play.orchestrator.repliesTo(command);
  notes.expect(replies.length === 0, `it was answered: ${replies.map(({ reply }) => reply.outcome).join(', ')}`);
}
